package org.tokapu.text.tokenizer;

import java.util.function.IntFunction;
import org.tokapu.text.TokenDecoder;

/// Turns the bytes of tokens into text, one token at a time, and never shows half a character.
///
/// Broken bytes become U+FFFD, one for each maximal part that could have begun a character (the
/// practice that the Unicode Standard recommends in chapter 3.9, table 3-8; Python's `replace` and
/// Rust's `from_utf8_lossy` do the same; `new String` differs on encoded surrogates). Not
/// thread-safe.
final class Utf8Decoder implements TokenDecoder {
  private static final char BROKEN = '\ufffd';

  private final IntFunction<byte[]> bytes;
  private final StringBuilder out = new StringBuilder();

  /// How many bytes the character that has begun still lacks, and the range of the next one.
  private int missing;

  private int low = 0x80;
  private int high = 0xbf;
  private int codePoint;

  /// @param bytes the bytes of an id, as [org.tokapu.text.Tokenizer#bytes]
  Utf8Decoder(IntFunction<byte[]> bytes) {
    this.bytes = bytes;
  }

  /// Returns `utf8` as text.
  static String decode(byte[] utf8) {
    Utf8Decoder decoder = new Utf8Decoder(_ -> utf8);
    decoder.append(utf8);
    return decoder.finish();
  }

  @Override
  public String next(int id) {
    append(bytes.apply(id));
    return taken();
  }

  /// Takes bytes that belong to no token and returns the text that has become certain.
  String next(byte[] utf8) {
    append(utf8);
    return taken();
  }

  @Override
  public String finish() {
    if (missing > 0) {
      missing = 0;
      out.append(BROKEN);
    }
    return taken();
  }

  /// Takes bytes and keeps the text until the next call that returns some.
  void append(byte[] utf8) {
    for (byte b : utf8) {
      if (missing == 0 && b >= 0) {
        out.append((char) b);
      } else {
        accept(b & 0xff);
      }
    }
  }

  private void accept(int b) {
    if (missing > 0) {
      if (b >= low && b <= high) {
        codePoint = codePoint << 6 | (b & 0x3f);
        low = 0x80;
        high = 0xbf;
        if (--missing == 0) {
          out.appendCodePoint(codePoint);
        }
        return;
      }
      missing = 0;
      out.append(BROKEN);
    }
    begin(b);
  }

  private void begin(int b) {
    low = b == 0xe0 ? 0xa0 : b == 0xf0 ? 0x90 : 0x80;
    high = b == 0xed ? 0x9f : b == 0xf4 ? 0x8f : 0xbf;
    if (b < 0x80) {
      out.append((char) b);
    } else if (b < 0xc2 || b > 0xf4) {
      out.append(BROKEN);
    } else if (b < 0xe0) {
      missing = 1;
      codePoint = b & 0x1f;
    } else if (b < 0xf0) {
      missing = 2;
      codePoint = b & 0xf;
    } else {
      missing = 3;
      codePoint = b & 7;
    }
  }

  private String taken() {
    if (out.isEmpty()) {
      return "";
    }
    String text = out.toString();
    out.setLength(0);
    return text;
  }
}
