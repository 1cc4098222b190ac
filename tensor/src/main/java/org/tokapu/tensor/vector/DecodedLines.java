package org.tokapu.tensor.vector;

import static org.tokapu.tensor.vector.Lanes.LINE;
import static org.tokapu.tensor.vector.Lanes.LINE_ROWS;

import org.tokapu.tensor.Weight;

/// A weight left as it is stored, in any format, decoded to float32 lines whenever it is used.
///
/// Exact and slow: the common path of formats without a faster one, and the exact path of all.
final class DecodedLines extends Packed {
  private final Weight.Stored weight;

  DecodedLines(Weight.Stored weight, java.lang.foreign.Arena arena) {
    super(weight.rows(), weight.cols(), 0, arena);
    this.weight = weight;
  }

  @Override
  int scaleLength() {
    return SLICE;
  }

  @Override
  void unpack(int group, int first, int count, Operand into, long scratch) {
    float[] row = new float[count];
    for (int r = 0; r < LINE_ROWS; r++) {
      int index = group * LINE_ROWS + r;
      if (index < weight.rows()) {
        long offset = index * weight.rowBytes() + weight.format().bytes(first);
        weight.format().decode(weight.data(), offset, row, 0, count);
      } else {
        java.util.Arrays.fill(row, 0);
      }
      for (int k = 0; k < count; k++) {
        Lanes.set(scratch + (long) k * LINE + r * 4L, row[k]);
      }
    }
    into.lines = scratch;
    into.scales = Ones.LINE_OF_ONES;
    into.scaleStep = 0;
    into.offset = false;
  }

  @Override
  void multiplyRow(long x, long sums, int unit, long out, long scratch) {
    Operand first = new Operand();
    Operand second = new Operand();
    Lanes.ALL.asSlice(out, UNIT * LINE).fill((byte) 0);
    for (int g = 0; g < UNIT; g += 2) {
      for (int k = 0; k < cols(); k += SLICE) {
        int count = Math.min(SLICE, cols() - k);
        unpack(unit * UNIT + g, k, count, first, scratch);
        unpack(unit * UNIT + g + 1, k, count, second, scratch + (long) SLICE * LINE);
        Panels.multiply(1, x + 4L * k, sums, first, second, out + (long) g * LINE, 1, count);
      }
    }
  }
}
