package org.tokapu.text.tokenizer;

/// Chars to UTF-8 without strings in between; half a pair becomes U+FFFD.
final class Utf8 {
  private Utf8() {}

  /// Returns how many bytes the character at `at` takes.
  static int length(char[] text, int at, int end) {
    char c = text[at];
    return c < 0x80 ? 1 : c < 0x800 ? 2 : CharClass.width(text, at, end) == 2 ? 4 : 3;
  }

  /// Returns how many bytes the chars `from .. to` take, in a text that ends at `end`.
  static long length(char[] text, int from, int to, int end) {
    long length = 0;
    for (int i = from; i < to; i += CharClass.width(text, i, end)) {
      length += length(text, i, end);
    }
    return length;
  }

  /// Writes the chars `from .. to` to the front of `out` and returns how many bytes they took.
  static int encode(char[] text, int from, int to, byte[] out) {
    return encode(text, from, to, out, 0);
  }

  /// As above, from `out[at]` on; returns the place after the last byte.
  static int encode(char[] text, int from, int to, byte[] out, int at) {
    int n = at;
    for (int i = from; i < to; i++) {
      char c = text[i];
      if (c < 0x80) {
        out[n++] = (byte) c;
      } else if (c < 0x800) {
        out[n++] = (byte) (0xc0 | c >> 6);
        out[n++] = (byte) (0x80 | c & 0x3f);
      } else if ((c & 0xf800) != 0xd800) {
        out[n++] = (byte) (0xe0 | c >> 12);
        out[n++] = (byte) (0x80 | c >> 6 & 0x3f);
        out[n++] = (byte) (0x80 | c & 0x3f);
      } else if (CharClass.width(text, i, to) == 2) {
        int code = Character.toCodePoint(c, text[++i]);
        out[n++] = (byte) (0xf0 | code >> 18);
        out[n++] = (byte) (0x80 | code >> 12 & 0x3f);
        out[n++] = (byte) (0x80 | code >> 6 & 0x3f);
        out[n++] = (byte) (0x80 | code & 0x3f);
      } else {
        out[n++] = (byte) 0xef;
        out[n++] = (byte) 0xbf;
        out[n++] = (byte) 0xbd;
      }
    }
    return n;
  }
}
