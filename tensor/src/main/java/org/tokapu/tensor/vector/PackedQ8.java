package org.tokapu.tensor.vector;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static org.tokapu.tensor.vector.Native.BYTES;
import static org.tokapu.tensor.vector.Native.LINE;
import static org.tokapu.tensor.vector.Native.PER_LINE;

import java.lang.foreign.Arena;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import org.tokapu.tensor.Parallel;
import org.tokapu.tensor.Weight;

/// Q8_0 interleaved: eight lines a block; byte `b` of line `l` holds input `4 l + b`.
final class PackedQ8 extends Packed {
  private static final int LINES = 8;

  /// Bytes of a block of 16 rows.
  static final int BLOCK_BYTES = SCALES + LINES * LINE;

  PackedQ8(Weight.Stored weight, Arena arena, Parallel parallel) {
    super(weight, LINES, arena, parallel);
  }

  @Override
  boolean integers() {
    return false;
  }

  @Override
  void kernel(long x, long w0, long w1, long w2, long w3, int v, long out) {
    RowKernels.q8(
        x, w0, w1, w2, w3, scales(v), scales(v + 1), scales(v + 2), scales(v + 3), out, blocks());
  }

  @Override
  void unpackLines(long from, int count, long to) {
    unpackAll(from, count, to);
  }

  private static void unpackAll(long from, int count, long to) {
    for (int g = 0; g < count; g++) {
      for (int l = 0; l < LINES; l++) {
        for (int i = 0; i < PER_LINE; i++) {
          IntVector v = Native.ints(from + (long) l * LINE + (long) i * BYTES);
          long at = to + 4L * l * LINE + (long) i * BYTES;
          level(v.lanewise(LSHL, 24), at);
          level(v.lanewise(LSHL, 16), at + LINE);
          level(v.lanewise(LSHL, 8), at + 2L * LINE);
          level(v, at + 3L * LINE);
        }
      }
      from += BLOCK_BYTES;
      to += 32L * LINE;
    }
  }

  private static void level(IntVector v, long at) {
    FloatVector value =
        (FloatVector) v.lanewise(ASHR, 24).convertShape(VectorOperators.I2F, Lanes.FLOATS, 0);
    Native.store(value, at);
  }
}
