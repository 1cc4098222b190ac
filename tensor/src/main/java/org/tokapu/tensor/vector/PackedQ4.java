package org.tokapu.tensor.vector;

import static jdk.incubator.vector.VectorOperators.LSHR;
import static org.tokapu.tensor.vector.Native.BYTES;
import static org.tokapu.tensor.vector.Native.LINE;
import static org.tokapu.tensor.vector.Native.PER_LINE;

import java.lang.foreign.Arena;
import jdk.incubator.vector.ShortVector;
import org.tokapu.tensor.Parallel;
import org.tokapu.tensor.Weight;

/// Q4_0 interleaved: four lines a block; byte `b` of line `l` holds inputs `4 l + b` and, in its
/// upper half, `16 + 4 l + b`.
final class PackedQ4 extends Packed {
  private static final int LINES = 4;

  /// Bytes of a block of 16 rows.
  static final int BLOCK_BYTES = SCALES + LINES * LINE;

  PackedQ4(Weight.Stored weight, Arena arena, Parallel parallel) {
    super(weight, LINES, arena, parallel);
  }

  @Override
  boolean integers() {
    return true;
  }

  @Override
  void kernel(long x, long w0, long w1, long w2, long w3, int v, long out) {
    RowKernels.q4(
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
          ShortVector v = Native.shorts(from + (long) l * LINE + (long) i * BYTES);
          long at = to + 2L * l * LINE + (long) i * BYTES;
          level(v, at);
          level(v.lanewise(LSHR, 8), at + LINE);
          level(v.lanewise(LSHR, 4), at + 8L * LINE);
          level(v.lanewise(LSHR, 12), at + 9L * LINE);
        }
      }
      from += BLOCK_BYTES;
      to += 16L * LINE;
    }
  }

  private static void level(ShortVector v, long at) {
    Native.store(v.and((short) 15).sub((short) 8), at);
  }
}
