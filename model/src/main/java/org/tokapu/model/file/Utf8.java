package org.tokapu.model.file;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.tokapu.base.ModelFormatException;

/// Strict UTF-8: broken bytes are an error, never a replacement character.
final class Utf8 {
  private Utf8() {}

  /// Decodes `length` bytes from `offset`.
  ///
  /// @throws ModelFormatException if they are not UTF-8, naming `file` and `field`
  static String decode(MemorySegment data, long offset, int length, String file, String field) {
    byte[] bytes = new byte[length];
    MemorySegment.copy(data, ValueLayout.JAVA_BYTE, offset, bytes, 0, length);
    return decode(bytes, file, field);
  }

  /// Decodes bytes.
  ///
  /// @throws ModelFormatException if they are not UTF-8, naming `file` and `field`
  static String decode(byte[] bytes, String file, String field) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new ModelFormatException(
          file, field, "is not valid UTF-8; the file is damaged, fetch it again", e);
    }
  }
}
