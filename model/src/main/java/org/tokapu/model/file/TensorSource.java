package org.tokapu.model.file;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;

/// Produces a tensor's bytes when a file is written, so that a model need never be in memory whole.
@FunctionalInterface
public interface TensorSource {
  /// Writes exactly the tensor's bytes; more or fewer fail the whole file.
  void writeTo(WritableByteChannel out) throws IOException;

  /// Writes the bytes of `segment`, mapped or not, as they are.
  static TensorSource of(MemorySegment segment) {
    return out -> {
      long chunk = 16L << 20;
      for (long at = 0; at < segment.byteSize(); at += chunk) {
        long bytes = Math.min(chunk, segment.byteSize() - at);
        writeAll(segment.asSlice(at, bytes).asByteBuffer(), out);
      }
    };
  }

  /// Writes `values` as little-endian float32.
  static TensorSource of(float[] values) {
    return out -> {
      int chunk = 1 << 16;
      ByteBuffer buffer =
          ByteBuffer.allocate(Math.min(chunk, values.length) * Float.BYTES)
              .order(ByteOrder.LITTLE_ENDIAN);
      for (int at = 0; at < values.length; at += chunk) {
        int count = Math.min(chunk, values.length - at);
        buffer.clear();
        buffer.asFloatBuffer().put(values, at, count);
        writeAll(buffer.limit(count * Float.BYTES), out);
      }
    };
  }

  private static void writeAll(ByteBuffer buffer, WritableByteChannel out) throws IOException {
    while (buffer.hasRemaining()) {
      out.write(buffer);
    }
  }
}
