package org.tokapu.tensor.vector;

import static org.tokapu.tensor.vector.Lanes.FLOATS;
import static org.tokapu.tensor.vector.Lanes.INTS;
import static org.tokapu.tensor.vector.Native.LINE_ROWS;
import static org.tokapu.tensor.vector.Native.SHORTS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/// Products of a [Panels] panel whose weights are integers of at most four bits: 32 products of
/// such with int8 fit the two int16 lanes of a row, 16 in each.
///
/// Written out and without calls of our own: the compiler stops inlining them in a method this
/// large, and a vector that passes a call is an object.
final class ShortPanels {
  /// Numbers of a vector.
  private static final int LANES = 2 * Lanes.COUNT;

  private ShortPanels() {}

  /// Adds the sums of a block to the results of `rows` rows.
  static void finish(
      short[] sums, int rows, float[] s, int s0, int s1, float[] d, int at, float[] c, int to) {
    FloatVector t0 = FloatVector.fromArray(FLOATS, s, s0);
    FloatVector t1 = FloatVector.fromArray(FLOATS, s, s1);
    for (int r = 0; r < rows; r++) {
      IntVector p = ShortVector.fromArray(SHORTS, sums, 2 * r * LANES).reinterpretAsInts();
      IntVector q = ShortVector.fromArray(SHORTS, sums, (2 * r + 1) * LANES).reinterpretAsInts();
      IntVector high = p.lanewise(VectorOperators.ASHR, 16);
      p = p.lanewise(VectorOperators.LSHL, 16).lanewise(VectorOperators.ASHR, 16).add(high);
      high = q.lanewise(VectorOperators.ASHR, 16);
      q = q.lanewise(VectorOperators.LSHL, 16).lanewise(VectorOperators.ASHR, 16).add(high);
      FloatVector x = FloatVector.broadcast(FLOATS, d[at + r]);
      int i = to + r * Panels.COLUMNS;
      ((FloatVector) p.convertShape(VectorOperators.I2F, FLOATS, 0))
          .fma(t0.mul(x), FloatVector.fromArray(FLOATS, c, i))
          .intoArray(c, i);
      i += Lanes.COUNT;
      ((FloatVector) q.convertShape(VectorOperators.I2F, FLOATS, 0))
          .fma(t1.mul(x), FloatVector.fromArray(FLOATS, c, i))
          .intoArray(c, i);
    }
  }

  /// Sums one block of inputs for 12 rows and two vectors of columns.
  static void rows12(int[] a, int at, short[] b, int b0, int b1, short[] sums) {
    ShortVector p0 = ShortVector.zero(SHORTS);
    ShortVector q0 = p0;
    ShortVector p1 = p0;
    ShortVector q1 = p0;
    ShortVector p2 = p0;
    ShortVector q2 = p0;
    ShortVector p3 = p0;
    ShortVector q3 = p0;
    ShortVector p4 = p0;
    ShortVector q4 = p0;
    ShortVector p5 = p0;
    ShortVector q5 = p0;
    ShortVector p6 = p0;
    ShortVector q6 = p0;
    ShortVector p7 = p0;
    ShortVector q7 = p0;
    ShortVector p8 = p0;
    ShortVector q8 = p0;
    ShortVector p9 = p0;
    ShortVector q9 = p0;
    ShortVector p10 = p0;
    ShortVector q10 = p0;
    ShortVector p11 = p0;
    ShortVector q11 = p0;
    for (int k = 0; k < Panels.BLOCK / 2; k++) {
      int line = 2 * k * LINE_ROWS;
      ShortVector v0 = ShortVector.fromArray(SHORTS, b, b0 + line);
      ShortVector v1 = ShortVector.fromArray(SHORTS, b, b1 + line);
      int i = at + 12 * k;
      ShortVector x = IntVector.broadcast(INTS, a[i + 0]).reinterpretAsShorts();
      p0 = p0.add(v0.mul(x));
      q0 = q0.add(v1.mul(x));
      x = IntVector.broadcast(INTS, a[i + 1]).reinterpretAsShorts();
      p1 = p1.add(v0.mul(x));
      q1 = q1.add(v1.mul(x));
      x = IntVector.broadcast(INTS, a[i + 2]).reinterpretAsShorts();
      p2 = p2.add(v0.mul(x));
      q2 = q2.add(v1.mul(x));
      x = IntVector.broadcast(INTS, a[i + 3]).reinterpretAsShorts();
      p3 = p3.add(v0.mul(x));
      q3 = q3.add(v1.mul(x));
      x = IntVector.broadcast(INTS, a[i + 4]).reinterpretAsShorts();
      p4 = p4.add(v0.mul(x));
      q4 = q4.add(v1.mul(x));
      x = IntVector.broadcast(INTS, a[i + 5]).reinterpretAsShorts();
      p5 = p5.add(v0.mul(x));
      q5 = q5.add(v1.mul(x));
      x = IntVector.broadcast(INTS, a[i + 6]).reinterpretAsShorts();
      p6 = p6.add(v0.mul(x));
      q6 = q6.add(v1.mul(x));
      x = IntVector.broadcast(INTS, a[i + 7]).reinterpretAsShorts();
      p7 = p7.add(v0.mul(x));
      q7 = q7.add(v1.mul(x));
      x = IntVector.broadcast(INTS, a[i + 8]).reinterpretAsShorts();
      p8 = p8.add(v0.mul(x));
      q8 = q8.add(v1.mul(x));
      x = IntVector.broadcast(INTS, a[i + 9]).reinterpretAsShorts();
      p9 = p9.add(v0.mul(x));
      q9 = q9.add(v1.mul(x));
      x = IntVector.broadcast(INTS, a[i + 10]).reinterpretAsShorts();
      p10 = p10.add(v0.mul(x));
      q10 = q10.add(v1.mul(x));
      x = IntVector.broadcast(INTS, a[i + 11]).reinterpretAsShorts();
      p11 = p11.add(v0.mul(x));
      q11 = q11.add(v1.mul(x));
    }
    p0.intoArray(sums, 0 * LANES);
    q0.intoArray(sums, 1 * LANES);
    p1.intoArray(sums, 2 * LANES);
    q1.intoArray(sums, 3 * LANES);
    p2.intoArray(sums, 4 * LANES);
    q2.intoArray(sums, 5 * LANES);
    p3.intoArray(sums, 6 * LANES);
    q3.intoArray(sums, 7 * LANES);
    p4.intoArray(sums, 8 * LANES);
    q4.intoArray(sums, 9 * LANES);
    p5.intoArray(sums, 10 * LANES);
    q5.intoArray(sums, 11 * LANES);
    p6.intoArray(sums, 12 * LANES);
    q6.intoArray(sums, 13 * LANES);
    p7.intoArray(sums, 14 * LANES);
    q7.intoArray(sums, 15 * LANES);
    p8.intoArray(sums, 16 * LANES);
    q8.intoArray(sums, 17 * LANES);
    p9.intoArray(sums, 18 * LANES);
    q9.intoArray(sums, 19 * LANES);
    p10.intoArray(sums, 20 * LANES);
    q10.intoArray(sums, 21 * LANES);
    p11.intoArray(sums, 22 * LANES);
    q11.intoArray(sums, 23 * LANES);
  }

  /// Sums one block of inputs for 4 rows and two vectors of columns.
  static void rows4(int[] a, int at, short[] b, int b0, int b1, short[] sums) {
    ShortVector p0 = ShortVector.zero(SHORTS);
    ShortVector q0 = p0;
    ShortVector p1 = p0;
    ShortVector q1 = p0;
    ShortVector p2 = p0;
    ShortVector q2 = p0;
    ShortVector p3 = p0;
    ShortVector q3 = p0;
    for (int k = 0; k < Panels.BLOCK / 2; k++) {
      int line = 2 * k * LINE_ROWS;
      ShortVector v0 = ShortVector.fromArray(SHORTS, b, b0 + line);
      ShortVector v1 = ShortVector.fromArray(SHORTS, b, b1 + line);
      int i = at + 4 * k;
      ShortVector x = IntVector.broadcast(INTS, a[i + 0]).reinterpretAsShorts();
      p0 = p0.add(v0.mul(x));
      q0 = q0.add(v1.mul(x));
      x = IntVector.broadcast(INTS, a[i + 1]).reinterpretAsShorts();
      p1 = p1.add(v0.mul(x));
      q1 = q1.add(v1.mul(x));
      x = IntVector.broadcast(INTS, a[i + 2]).reinterpretAsShorts();
      p2 = p2.add(v0.mul(x));
      q2 = q2.add(v1.mul(x));
      x = IntVector.broadcast(INTS, a[i + 3]).reinterpretAsShorts();
      p3 = p3.add(v0.mul(x));
      q3 = q3.add(v1.mul(x));
    }
    p0.intoArray(sums, 0 * LANES);
    q0.intoArray(sums, 1 * LANES);
    p1.intoArray(sums, 2 * LANES);
    q1.intoArray(sums, 3 * LANES);
    p2.intoArray(sums, 4 * LANES);
    q2.intoArray(sums, 5 * LANES);
    p3.intoArray(sums, 6 * LANES);
    q3.intoArray(sums, 7 * LANES);
  }
}
