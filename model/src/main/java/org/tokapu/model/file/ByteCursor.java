package org.tokapu.model.file;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.tokapu.base.ModelFormatException;

/// Reads little-endian values one after another from a mapped file and never passes its end.
///
/// Not thread-safe.
final class ByteCursor {
  static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment data;
  private final String file;
  private long position;

  ByteCursor(MemorySegment data, String file) {
    this.data = data;
    this.file = file;
  }

  MemorySegment data() {
    return data;
  }

  String file() {
    return file;
  }

  long position() {
    return position;
  }

  long remaining() {
    return data.byteSize() - position;
  }

  /// Returns the present place and moves `bytes` on; `field` is what they hold.
  long skip(long bytes, String field) {
    if (bytes < 0 || bytes > remaining()) {
      throw new ModelFormatException(
          file,
          field,
          "needs "
              + Long.toUnsignedString(bytes)
              + " bytes at "
              + position
              + ", the file has "
              + remaining()
              + " left; it is truncated or damaged, fetch it again");
    }
    long at = position;
    position += bytes;
    return at;
  }

  int i32(String field) {
    return data.get(INT, skip(4, field));
  }

  long i64(String field) {
    return data.get(LONG, skip(8, field));
  }

  /// Reads an unsigned 64-bit count of things that take at least `bytesEach`, so that a count that
  /// the rest of the file cannot hold is refused before anybody allocates for it.
  long count(long bytesEach, String field) {
    long count = i64(field);
    if (count < 0 || count > remaining() / bytesEach) {
      throw new ModelFormatException(
          file,
          field,
          "claims "
              + Long.toUnsignedString(count)
              + " entries, the remaining "
              + remaining()
              + " bytes cannot hold them; the file is truncated or damaged, fetch it again");
    }
    return count;
  }

  /// Reads a string with a 64-bit length before it, at most `limit` bytes long.
  String string(int limit, String field) {
    long length = count(1, field);
    if (length > limit) {
      throw new ModelFormatException(
          file, field, "is a string of " + length + " bytes; at most " + limit + " are allowed");
    }
    return Utf8.decode(data, skip(length, field), (int) length, file, field);
  }
}
