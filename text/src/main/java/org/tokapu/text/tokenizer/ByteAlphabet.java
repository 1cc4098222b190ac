package org.tokapu.text.tokenizer;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The printable characters by which byte-level vocabularies spell bytes: `Ġ` is a space, `Ċ` a
/// line feed.
///
/// Printable bytes of Latin-1 spell themselves, the others are U+0100 onwards in their order
/// (`bytes_to_unicode` of GPT-2's encoder).
final class ByteAlphabet {
  private static final char[] CHARS = chars();
  private static final short[] BYTES = bytes();

  private ByteAlphabet() {}

  /// Returns the character that spells a byte, `0 .. 255`.
  static char spell(int b) {
    return CHARS[b];
  }

  /// Returns the byte that a character spells, or -1.
  static int byteOf(char c) {
    return c < BYTES.length ? BYTES[c] : -1;
  }

  /// Returns the spelling of bytes.
  static String spell(byte[] bytes) {
    StringBuilder out = new StringBuilder(bytes.length);
    for (byte b : bytes) {
      out.append(CHARS[b & 0xff]);
    }
    return out.toString();
  }

  /// Returns the bytes that a piece spells, or null if it holds a character that spells none.
  static byte @Nullable [] bytesOf(String piece) {
    byte[] out = new byte[piece.length()];
    for (int i = 0; i < out.length; i++) {
      int b = byteOf(piece.charAt(i));
      if (b < 0) {
        return null;
      }
      out[i] = (byte) b;
    }
    return out;
  }

  /// Returns the bytes that a piece spells, or its own UTF-8 if it is not a spelling.
  static byte[] bytesOrUtf8(String piece) {
    byte[] bytes = bytesOf(piece);
    return bytes != null ? bytes : piece.getBytes(StandardCharsets.UTF_8);
  }

  private static char[] chars() {
    char[] out = new char[256];
    int next = 256;
    for (int b = 0; b < 256; b++) {
      boolean printable = (b >= 33 && b <= 126) || (b >= 161 && b <= 172) || b >= 174;
      out[b] = (char) (printable ? b : next++);
    }
    return out;
  }

  private static short[] bytes() {
    short[] out = new short[0x144];
    java.util.Arrays.fill(out, (short) -1);
    for (int b = 0; b < 256; b++) {
      out[CHARS[b]] = (short) b;
    }
    return out;
  }
}
