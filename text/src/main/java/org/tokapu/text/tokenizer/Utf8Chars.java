package org.tokapu.text.tokenizer;

/// One character of UTF-8 at a time, judged as SentencePiece judges it: what is not one whole valid
/// character counts byte by byte.
final class Utf8Chars {
  /// The character is not complete: with more bytes it may become valid.
  static final int INCOMPLETE = -1;

  private Utf8Chars() {}

  /// Returns how many bytes the valid character at `at` takes; 0 if there is none, [#INCOMPLETE] if
  /// the bytes end within what may become one.
  static int length(byte[] bytes, int at, int end) {
    int lead = bytes[at] & 0xff;
    if (lead < 0x80) {
      return 1;
    }
    int length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4) {
      return 0;
    }
    for (int i = 1; i < length; i++) {
      if (at + i == end) {
        return INCOMPLETE;
      }
      if ((bytes[at + i] & 0xc0) != 0x80) {
        return 0;
      }
    }
    int c = codePoint(bytes, at, length);
    boolean valid =
        switch (length) {
          case 2 -> true;
          case 3 -> c >= 0x800 && (c < 0xd800 || c > 0xdfff);
          default -> c >= 0x10000 && c <= 0x10ffff;
        };
    return valid ? length : 0;
  }

  /// Returns the code point of the `length` bytes at `at`, a valid character.
  static int codePoint(byte[] bytes, int at, int length) {
    if (length == 1) {
      return bytes[at];
    }
    int c = bytes[at] & 0xff >> length + 1;
    for (int i = 1; i < length; i++) {
      c = c << 6 | bytes[at + i] & 0x3f;
    }
    return c;
  }

  /// Returns how many bytes a code point takes.
  static int bytes(int codePoint) {
    return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
  }

  /// Returns byte `index` of the `bytes(codePoint)` bytes of a code point.
  static int byteAt(int codePoint, int index) {
    int length = bytes(codePoint);
    if (length == 1) {
      return codePoint;
    }
    int part = codePoint >> 6 * (length - 1 - index);
    return index > 0 ? 0x80 | part & 0x3f : (0xf00 >> length & 0xff) | part;
  }
}
