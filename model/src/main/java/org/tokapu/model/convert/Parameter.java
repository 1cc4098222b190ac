package org.tokapu.model.convert;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.tokapu.model.file.TensorSource;
import org.tokapu.tensor.Parallel;
import org.tokapu.tensor.QuantFormat;
import org.tokapu.tensor.Weight;

/// One parameter on its way from one file to another.
///
/// @param name GGUF's name
/// @param weight as the source has it; a vector is `[1, n]`
/// @param order which row of the source becomes each row; null: as they are. Of a vector, which
///   element
record Parameter(String name, Weight.Stored weight, int @Nullable [] order) {
  /// Weights decoded and encoded at a time: enough to keep the threads busy, small beside a model.
  private static final int CHUNK = 4 << 20;

  boolean vector() {
    return weight.rows() == 1;
  }

  /// Returns a source of the bytes of this parameter in `format`.
  ///
  /// @param importance one per column, for the encoder
  /// @param written told the number of weights whenever some are done
  TensorSource as(
      QuantFormat format, float @Nullable [] importance, Parallel parallel, LongConsumer written) {
    return out -> {
      int perChunk = Math.max(1, CHUNK / weight.cols());
      for (int row = 0; row < weight.rows(); row += perChunk) {
        int rows = Math.min(perChunk, weight.rows() - row);
        try (Arena arena = Arena.ofShared()) {
          MemorySegment chunk = arena.allocate(format.bytes((long) rows * weight.cols()), 64);
          fill(chunk, format, importance, row, rows, parallel);
          write(chunk, out);
        }
        written.accept((long) rows * weight.cols());
      }
    };
  }

  private static void write(MemorySegment chunk, WritableByteChannel out)
      throws java.io.IOException {
    ByteBuffer bytes = chunk.asByteBuffer();
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  private void fill(
      MemorySegment chunk,
      QuantFormat format,
      float @Nullable [] importance,
      int first,
      int rows,
      Parallel parallel) {
    int cols = weight.cols();
    long rowBytes = format.bytes(cols);
    boolean same = format.equals(weight.format()) && (order == null || !vector());
    float[][] scratch = new float[parallel.width()][];
    parallel.run(
        rows,
        (i, worker) -> {
          int from = order == null || vector() ? first + i : order[first + i];
          if (same) {
            MemorySegment.copy(weight.data(), from * rowBytes, chunk, i * rowBytes, rowBytes);
            return;
          }
          float[] values = scratch[worker];
          if (values == null) {
            values = new float[cols];
            scratch[worker] = values;
          }
          weight.decodeRow(from, values, 0);
          if (order != null && vector()) {
            values = reordered(values);
          }
          format.encode(values, 0, cols, importance, 0, chunk, i * rowBytes);
        });
  }

  private float[] reordered(float[] values) {
    float[] out = new float[values.length];
    int[] from = java.util.Objects.requireNonNull(order);
    for (int i = 0; i < out.length; i++) {
      out[i] = values[from[i]];
    }
    return out;
  }
}
