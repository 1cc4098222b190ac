package org.tokapu.tensor.vector;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.XOR;
import static org.tokapu.tensor.vector.Native.BYTES;
import static org.tokapu.tensor.vector.Native.LINE;
import static org.tokapu.tensor.vector.Native.LINE_ROWS;
import static org.tokapu.tensor.vector.Native.PER_LINE;

import java.lang.foreign.Arena;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import org.tokapu.tensor.Parallel;
import org.tokapu.tensor.Weight;

/// Q8_0 interleaved: eight lines a block; byte `b` of line `l` holds input `4 l + b`, plus 128 if
/// `b` is even.
final class PackedQ8 extends Packed {
  static final int LINES = 8;

  /// Flips the sign of bytes 0 and 2 of a word.
  private static final int FLIP = 0x00800080;

  /// Bytes from the lines of one block of inputs to those of the next.
  static final int STEP = LINES * LINE;

  PackedQ8(Weight.Stored weight, Arena arena, Parallel parallel) {
    super(weight, LINES, FLIP, arena, parallel);
  }

  @Override
  boolean integers() {
    return false;
  }

  @Override
  void multiplyRow(Activations x, int row, int unit, RowSums sums, float[] out) {
    int vectors = UNIT * PER_LINE;
    for (int v = unit * vectors; v < (unit + 1) * vectors; v += 4) {
      for (int first = 0; first < blocks(); first += RowKernels.BATCH) {
        int count = Math.min(RowKernels.BATCH, blocks() - first);
        int at = x.scale(row, 1, first);
        RowKernels.q8(
            x.triples(),
            at * Activations.TRIPLES,
            lines(v, first),
            lines(v + 1, first),
            lines(v + 2, first),
            lines(v + 3, first),
            sums.ints,
            count);
        RowKernels.finish8(
            sums.ints,
            x.scales(),
            at,
            scales(v, first),
            scales(v + 1, first),
            scales(v + 2, first),
            scales(v + 3, first),
            out,
            (v - unit * vectors) * Lanes.COUNT,
            count);
      }
    }
  }

  @Override
  void unpackBlock(long from, Panels.Panel panel, int group, int block) {
    unpack(from, panel.floats, panel.floatAt(group, block));
  }

  private static void unpack(long from, float[] to, int start) {
    for (int l = 0; l < LINES; l++) {
      for (int i = 0; i < PER_LINE; i++) {
        IntVector v = Native.ints(from + (long) l * LINE + (long) i * BYTES).lanewise(XOR, FLIP);
        int at = start + 4 * l * LINE_ROWS + i * Lanes.COUNT;
        level(v.lanewise(LSHL, 24), to, at);
        level(v.lanewise(LSHL, 16), to, at + LINE_ROWS);
        level(v.lanewise(LSHL, 8), to, at + 2 * LINE_ROWS);
        level(v, to, at + 3 * LINE_ROWS);
      }
    }
  }

  private static void level(IntVector v, float[] to, int at) {
    ((FloatVector) v.lanewise(ASHR, 24).convertShape(VectorOperators.I2F, Lanes.FLOATS, 0))
        .intoArray(to, at);
  }
}
