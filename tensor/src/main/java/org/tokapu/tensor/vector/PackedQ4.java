package org.tokapu.tensor.vector;

import static jdk.incubator.vector.VectorOperators.LSHR;
import static org.tokapu.tensor.vector.Native.BYTES;
import static org.tokapu.tensor.vector.Native.LINE;
import static org.tokapu.tensor.vector.Native.LINE_ROWS;
import static org.tokapu.tensor.vector.Native.PER_LINE;

import java.lang.foreign.Arena;
import jdk.incubator.vector.ShortVector;
import org.tokapu.tensor.Parallel;
import org.tokapu.tensor.Weight;

/// Q4_0 interleaved: four lines a block; byte `b` of line `l` holds inputs `4 l + b` and, in its
/// upper half, `16 + 4 l + b`.
final class PackedQ4 extends Packed {
  private static final int LINES = 4;

  /// Bytes from the lines of one block of inputs to those of the next.
  static final int STEP = LINES * LINE;

  PackedQ4(Weight.Stored weight, Arena arena, Parallel parallel) {
    super(weight, LINES, 0, arena, parallel);
  }

  @Override
  boolean integers() {
    return true;
  }

  @Override
  void multiplyRow(Activations x, int row, int unit, RowSums sums, float[] out) {
    int vectors = UNIT * PER_LINE;
    for (int v = unit * vectors; v < (unit + 1) * vectors; v += 4) {
      for (int first = 0; first < blocks(); first += RowKernels.BATCH) {
        int count = Math.min(RowKernels.BATCH, blocks() - first);
        RowKernels.q4(
            x.pairs(),
            x.block(row, 1, first),
            lines(v, first),
            lines(v + 1, first),
            lines(v + 2, first),
            lines(v + 3, first),
            sums.shorts,
            count);
        int d = x.scale(row, 1, first);
        for (int i = 0; i < 4; i++) {
          int to = (v + i - unit * vectors) * Lanes.COUNT;
          RowKernels.finish4(
              sums.shorts, i, x.eights(), x.scales(), d, scales(v + i, first), out, to, count);
        }
      }
    }
  }

  @Override
  void unpackBlock(long from, Panels.Panel panel, int group, int block) {
    unpack(from, panel.shorts, panel.shortAt(group, block));
  }

  private static void unpack(long from, short[] to, int start) {
    for (int l = 0; l < LINES; l++) {
      for (int i = 0; i < PER_LINE; i++) {
        ShortVector v = Native.shorts(from + (long) l * LINE + (long) i * BYTES);
        int at = start + 4 * l * LINE_ROWS + i * 2 * Lanes.COUNT;
        level(v, to, at);
        level(v.lanewise(LSHR, 8), to, at + 2 * LINE_ROWS);
        level(v.lanewise(LSHR, 4), to, at + 16 * LINE_ROWS);
        level(v.lanewise(LSHR, 12), to, at + 18 * LINE_ROWS);
      }
    }
  }

  private static void level(ShortVector v, short[] to, int at) {
    v.and((short) 15).sub((short) 8).intoArray(to, at);
  }
}
