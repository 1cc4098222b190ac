package org.tokapu.tensor.vector;

import static org.tokapu.tensor.vector.Lanes.COUNT;
import static org.tokapu.tensor.vector.Lanes.FLOATS;
import static org.tokapu.tensor.vector.Lanes.INTS;
import static org.tokapu.tensor.vector.Lanes.ORDER;
import static org.tokapu.tensor.vector.Panels.BLOCK;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import org.tokapu.tensor.Parallel;
import org.tokapu.tensor.Tensor;

/// Rows of activations in int8 with a scale for every 32 inputs: `d = max|x| / 127`, levels rounded
/// half to even. Quantized once for all weights that share them.
///
/// Rows are taken together in blocks of 12, 4 or one, and for every block of inputs their levels
/// lie as `[steps][rows]`: either pairs of int16 in an int, or floats. Pair `2 l + s` of a block is
/// made of inputs `4 l + s` and `4 l + s + 2`: so the bytes of a packed line of weights unfold by
/// shifts alone.
///
/// Memory grows to the largest call; one caller at a time.
final class Activations {
  /// Adding it rounds a small float to a whole number, half to even.
  private static final float ROUND = 12582912f;

  /// Words of a block of [#triples].
  static final int TRIPLES = 3 * BLOCK / 4;

  private boolean integers;
  private int blocks;
  private int[] pairs = new int[0];
  private float[] floats = new float[0];
  private float[] scales = new float[0];
  private int[] eights = new int[0];
  private int[] triples = new int[0];

  /// Quantizes rows one by one, for [RowKernels].
  void quantizeRows(Tensor x) {
    reserve(x.cols(), true, x.rows());
    int all = x.rows() * blocks;
    if (eights.length < all) {
      eights = new int[all];
      triples = new int[Math.multiplyExact(all, TRIPLES)];
    }
    int[] levels = new int[BLOCK];
    for (int t = 0; t < x.rows(); t++) {
      for (int g = 0; g < blocks; g++) {
        int at = t * blocks + g;
        scales[at] = quantize(x, t, g, levels);
        eights[at] = 8 * storePairs(levels, pairs, at * BLOCK / 2, 1);
        storeTriples(pairs, at * BLOCK / 2, triples, at * TRIPLES);
      }
    }
  }

  /// Quantizes rows in blocks for [Panels].
  void quantizePanels(Tensor x, boolean integers, Parallel parallel) {
    reserve(x.cols(), integers, Panels.paddedRows(x.rows()));
    int parts = Math.ceilDiv(x.rows(), 12);
    parallel.run(parts, (part, worker) -> fill(x, part * 12, Math.min(x.rows(), part * 12 + 12)));
  }

  private void reserve(int cols, boolean integers, int rows) {
    this.integers = integers;
    blocks = cols / BLOCK;
    int all = Math.multiplyExact(rows, blocks);
    int words = Math.multiplyExact(all, Panels.steps(integers));
    if (scales.length < all) {
      scales = new float[all];
    }
    if (integers && pairs.length < words) {
      pairs = new int[words];
    } else if (!integers && floats.length < words) {
      floats = new float[words];
    }
  }

  /// Returns whether levels are pairs of int16, else floats.
  boolean integers() {
    return integers;
  }

  int[] pairs() {
    return pairs;
  }

  float[] floats() {
    return floats;
  }

  float[] scales() {
    return scales;
  }

  /// Returns eight times the sum of levels, where rows are taken one by one.
  int[] eights() {
    return eights;
  }

  /// Returns, where rows are taken one by one, [#TRIPLES] words for every block: for pairs `x` and
  /// `y` of a line `x`, `y - 256 x`, and `-128 x` plus 32,768 in the lower half.
  int[] triples() {
    return triples;
  }

  /// Returns where the levels of block `block` of inputs start, of the `rows` rows from `row` on.
  int block(int row, int rows, int block) {
    return scale(row, rows, block) * Panels.steps(integers);
  }

  /// Returns where the scales of that block start.
  int scale(int row, int rows, int block) {
    return row * blocks + block * rows;
  }

  /// Fills rows `from .. to`, where `from` starts a block.
  private void fill(Tensor x, int from, int to) {
    int[] levels = new int[BLOCK];
    int row = from;
    while (row < to) {
      int rows = Panels.blockRows(x.rows() - row);
      for (int g = 0; g < blocks; g++) {
        for (int r = 0; r < rows; r++) {
          float scale = 0;
          if (row + r < x.rows()) {
            scale = quantize(x, row + r, g, levels);
          } else {
            Arrays.fill(levels, 0);
          }
          scales[scale(row, rows, g) + r] = scale;
          int at = block(row, rows, g) + r;
          if (integers) {
            storePairs(levels, pairs, at, rows);
          } else {
            storeFloats(levels, floats, at, rows);
          }
        }
      }
      row += rows;
    }
  }

  private static void storeFloats(int[] levels, float[] to, int at, int stride) {
    for (int k = 0; k < BLOCK; k++) {
      to[at + k * stride] = levels[k];
    }
  }

  /// Stores 16 pairs, `stride` words apart, and returns the sum of all levels.
  private static int storePairs(int[] levels, int[] to, int at, int stride) {
    int sum = 0;
    for (int p = 0; p < BLOCK / 2; p++) {
      int first = p / 2 * 4 + p % 2;
      int a = levels[first];
      int b = levels[first + 2];
      sum += a + b;
      to[at + p * stride] = pair(a, b);
    }
    return sum;
  }

  private static void storeTriples(int[] pairs, int from, int[] to, int at) {
    for (int l = 0; l < BLOCK / 4; l++) {
      int x = pairs[from + 2 * l];
      int y = pairs[from + 2 * l + 1];
      int lower = (short) x;
      int upper = x >> 16;
      to[at + 3 * l] = x;
      to[at + 3 * l + 1] = pair((short) y - 256 * lower, (y >> 16) - 256 * upper);
      to[at + 3 * l + 2] = pair(32768 - 128 * lower, -128 * upper);
    }
  }

  private static int pair(int lower, int upper) {
    return lower & 0xffff | upper << 16;
  }

  /// Puts the levels of a block into `levels` and returns their scale.
  private static float quantize(Tensor x, int row, int block, int[] levels) {
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
      FloatVector rounded =
          FloatVector.fromMemorySegment(FLOATS, data, at + 4L * i, ORDER)
              .mul(inverse)
              .add(ROUND)
              .sub(ROUND);
      ((IntVector) rounded.convertShape(VectorOperators.F2I, INTS, 0)).intoArray(levels, i);
    }
    return scale;
  }
}
