package org.tokapu.tensor.vector;

import static org.tokapu.tensor.vector.Lanes.COUNT;
import static org.tokapu.tensor.vector.Lanes.FLOATS;
import static org.tokapu.tensor.vector.Lanes.ORDER;
import static org.tokapu.tensor.vector.Panels.BLOCK;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.tokapu.tensor.Parallel;
import org.tokapu.tensor.Tensor;

/// Rows of activations in int8 with a scale for every 32 inputs: `d = max|x| / 127`, levels rounded
/// half to even. Quantized once for all weights that share them.
///
/// Where levels are kept as pairs of int16, pair `2 l + s` of a block is made of inputs `4 l + s`
/// and `4 l + s + 2`: so the bytes of a packed line of weights unfold by shifts alone.
///
/// Memory grows to the largest call; one caller at a time.
final class Activations {
  /// Adding it rounds a small float to a whole number, half to even.
  private static final float ROUND = 12582912f;

  private MemorySegment memory = MemorySegment.NULL;
  private boolean integers;
  private int blocks;

  /// Quantizes rows one by one for [RowKernels].
  void quantizeRows(Tensor x) {
    blocks = x.cols() / BLOCK;
    reserve((long) x.rows() * blocks * RowKernels.X_BLOCK);
    float[] levels = new float[BLOCK];
    for (int t = 0; t < x.rows(); t++) {
      for (int g = 0; g < blocks; g++) {
        long to = row(t) + (long) g * RowKernels.X_BLOCK;
        Native.set(to + 64, quantize(x, t, g, levels));
        Native.setInt(to + 68, 8 * storePairs(levels, to, 1));
      }
    }
  }

  /// Returns the address of a row of [#quantizeRows].
  long row(int row) {
    return memory.address() + (long) row * blocks * RowKernels.X_BLOCK;
  }

  /// Quantizes rows in blocks for [Panels].
  void quantizePanels(Tensor x, boolean integers, Parallel parallel) {
    this.integers = integers;
    blocks = x.cols() / BLOCK;
    reserve(rowBytes() * Panels.paddedRows(x.rows()));
    int parts = Math.ceilDiv(x.rows(), 12);
    parallel.run(parts, (part, worker) -> fill(x, part * 12, Math.min(x.rows(), part * 12 + 12)));
  }

  private long rowBytes() {
    return (long) blocks * (Panels.steps(integers) + 1) * Integer.BYTES;
  }

  /// Returns the address of the activations of the block of `rows` rows that starts at `row`, from
  /// block `first` of inputs on.
  long block(int row, int rows, int first) {
    return memory.address() + row * rowBytes() + rowBytes() / blocks * rows * first;
  }

  /// Fills rows `from .. to`, where `from` starts a block.
  private void fill(Tensor x, int from, int to) {
    float[] levels = new float[BLOCK];
    int row = from;
    while (row < to) {
      int rows = Panels.blockRows(x.rows() - row);
      for (int g = 0; g < blocks; g++) {
        long at = block(row, rows, g);
        for (int r = 0; r < rows; r++) {
          boolean empty = row + r >= x.rows();
          float scale = empty ? 0 : quantize(x, row + r, g, levels);
          if (empty) {
            java.util.Arrays.fill(levels, 0);
          }
          if (integers) {
            storePairs(levels, at + 4L * r, rows);
          } else {
            for (int k = 0; k < BLOCK; k++) {
              Native.set(at + 4L * (k * rows + r), levels[k]);
            }
          }
          Native.set(at + 4L * (Panels.steps(integers) * rows + r), scale);
        }
      }
      row += rows;
    }
  }

  /// Stores 16 pairs, `stride` words apart, and returns the sum of all levels.
  private static int storePairs(float[] levels, long to, int stride) {
    int sum = 0;
    for (int p = 0; p < BLOCK / 2; p++) {
      int first = p / 2 * 4 + p % 2;
      int a = (int) levels[first];
      int b = (int) levels[first + 2];
      sum += a + b;
      Native.setInt(to + 4L * p * stride, a & 0xffff | b << 16);
    }
    return sum;
  }

  /// Puts the levels of a block into `levels` and returns their scale.
  private static float quantize(Tensor x, int row, int block, float[] levels) {
    MemorySegment data = x.data();
    long at = ((long) row * x.cols() + (long) block * BLOCK) * Float.BYTES;
    FloatVector max = FloatVector.zero(FLOATS);
    for (int i = 0; i < BLOCK; i += COUNT) {
      max = max.max(FloatVector.fromMemorySegment(FLOATS, data, at + 4L * i, ORDER).abs());
    }
    float scale = max.reduceLanes(VectorOperators.MAX) / 127;
    float inverse = 1 / scale;
    // A scale so small that its inverse overflows stands for nothing but zeros.
    inverse = Float.isInfinite(inverse) ? 0 : inverse;
    for (int i = 0; i < BLOCK; i += COUNT) {
      FloatVector.fromMemorySegment(FLOATS, data, at + 4L * i, ORDER)
          .mul(inverse)
          .add(ROUND)
          .sub(ROUND)
          .intoArray(levels, i);
    }
    return scale;
  }

  private void reserve(long bytes) {
    if (memory.byteSize() < bytes) {
      memory = Arena.ofAuto().allocate(bytes, 64);
    }
  }
}
