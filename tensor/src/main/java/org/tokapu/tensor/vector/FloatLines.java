package org.tokapu.tensor.vector;

import static org.tokapu.tensor.vector.Lanes.BYTES;
import static org.tokapu.tensor.vector.Lanes.LINE;
import static org.tokapu.tensor.vector.Lanes.LINE_ROWS;
import static org.tokapu.tensor.vector.Lanes.PER_LINE;
import static org.tokapu.tensor.vector.Lanes.floats;
import static org.tokapu.tensor.vector.Lanes.spread;
import static org.tokapu.tensor.vector.Lanes.store;
import static org.tokapu.tensor.vector.Lanes.zero;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import org.tokapu.tensor.Parallel;
import org.tokapu.tensor.Weight;

/// Float32 weights, one line per input.
final class FloatLines extends Packed {
  private FloatLines(int rows, int cols, Arena arena) {
    super(rows, cols, (long) cols * LINE, arena);
  }

  /// Interleaves any weight that decodes to float32.
  static FloatLines of(Weight.Stored weight, Arena arena, Parallel parallel) {
    FloatLines out = new FloatLines(weight.rows(), weight.cols(), arena);
    parallel.run(
        (weight.rows() + LINE_ROWS - 1) / LINE_ROWS,
        (group, worker) -> {
          float[] row = new float[weight.cols()];
          int rows = Math.min(LINE_ROWS, weight.rows() - group * LINE_ROWS);
          for (int r = 0; r < rows; r++) {
            weight.decodeRow(group * LINE_ROWS + r, row, 0);
            long at = (group * out.groupBytes() >>> 2) + r;
            for (int k = 0; k < row.length; k++) {
              out.memory().setAtIndex(ValueLayout.JAVA_FLOAT, at + (long) k * LINE_ROWS, row[k]);
            }
          }
        });
    return out;
  }

  @Override
  int scaleLength() {
    return SLICE;
  }

  @Override
  void unpack(int group, int first, int count, Operand into, long scratch) {
    into.lines = group(group) + (long) first * LINE;
    into.scales = Ones.LINE_OF_ONES;
    into.scaleStep = 0;
    into.offset = false;
  }

  @Override
  void multiplyRow(long x, long sums, int unit, long out, long scratch) {
    for (int v = 0; v < UNIT * PER_LINE; v += 4) {
      int at = unit * UNIT * PER_LINE + v;
      quad(
          x, vector(at), vector(at + 1), vector(at + 2), vector(at + 3), out + (long) v * BYTES,
          cols());
    }
  }

  /// Multiplies a row with four vectors of columns, slice by slice.
  static void quad(long x, long w0, long w1, long w2, long w3, long out, int inputs) {
    FloatVector c0 = zero();
    FloatVector c1 = zero();
    FloatVector c2 = zero();
    FloatVector c3 = zero();
    for (int first = 0; first < inputs; first += SLICE) {
      FloatVector b0 = zero();
      FloatVector b1 = zero();
      FloatVector b2 = zero();
      FloatVector b3 = zero();
      long start = (long) first * LINE;
      long end = (long) Math.min(inputs, first + SLICE) * LINE;
      for (long k = start; k < end; k += LINE) {
        FloatVector value = spread(x + k / LINE_ROWS);
        b0 = floats(w0 + k).fma(value, b0);
        b1 = floats(w1 + k).fma(value, b1);
        b2 = floats(w2 + k).fma(value, b2);
        b3 = floats(w3 + k).fma(value, b3);
      }
      c0 = c0.add(b0);
      c1 = c1.add(b1);
      c2 = c2.add(b2);
      c3 = c3.add(b3);
    }
    store(c0, out);
    store(c1, out + BYTES);
    store(c2, out + 2L * BYTES);
    store(c3, out + 3L * BYTES);
  }
}
