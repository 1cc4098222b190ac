package org.tokapu.tensor.vector;

import static org.tokapu.tensor.vector.Lanes.FLOATS;
import static org.tokapu.tensor.vector.Native.LINE_ROWS;

import jdk.incubator.vector.FloatVector;

/// Products of a [Panels] panel whose weights are int8, as float32: a sum of 32 products of int8
/// stays below 2^24, hence exact.
///
/// Written out and without calls of our own: the compiler stops inlining them in a method this
/// large, and a vector that passes a call is an object.
final class FloatPanels {
  /// Numbers of a vector.
  private static final int LANES = Lanes.COUNT;

  private FloatPanels() {}

  /// Adds the sums of a block to the results of `rows` rows.
  static void finish(
      float[] sums, int rows, float[] s, int s0, int s1, float[] d, int at, float[] c, int to) {
    FloatVector t0 = FloatVector.fromArray(FLOATS, s, s0);
    FloatVector t1 = FloatVector.fromArray(FLOATS, s, s1);
    for (int r = 0; r < rows; r++) {
      FloatVector x = FloatVector.broadcast(FLOATS, d[at + r]);
      int i = to + r * Panels.COLUMNS;
      FloatVector.fromArray(FLOATS, sums, 2 * r * LANES)
          .fma(t0.mul(x), FloatVector.fromArray(FLOATS, c, i))
          .intoArray(c, i);
      i += LANES;
      FloatVector.fromArray(FLOATS, sums, (2 * r + 1) * LANES)
          .fma(t1.mul(x), FloatVector.fromArray(FLOATS, c, i))
          .intoArray(c, i);
    }
  }

  /// Sums one block of inputs for 12 rows and two vectors of columns.
  static void rows12(float[] a, int at, float[] b, int b0, int b1, float[] sums) {
    FloatVector p0 = FloatVector.zero(FLOATS);
    FloatVector q0 = p0;
    FloatVector p1 = p0;
    FloatVector q1 = p0;
    FloatVector p2 = p0;
    FloatVector q2 = p0;
    FloatVector p3 = p0;
    FloatVector q3 = p0;
    FloatVector p4 = p0;
    FloatVector q4 = p0;
    FloatVector p5 = p0;
    FloatVector q5 = p0;
    FloatVector p6 = p0;
    FloatVector q6 = p0;
    FloatVector p7 = p0;
    FloatVector q7 = p0;
    FloatVector p8 = p0;
    FloatVector q8 = p0;
    FloatVector p9 = p0;
    FloatVector q9 = p0;
    FloatVector p10 = p0;
    FloatVector q10 = p0;
    FloatVector p11 = p0;
    FloatVector q11 = p0;
    for (int k = 0; k < Panels.BLOCK; k++) {
      int line = k * LINE_ROWS;
      FloatVector v0 = FloatVector.fromArray(FLOATS, b, b0 + line);
      FloatVector v1 = FloatVector.fromArray(FLOATS, b, b1 + line);
      int i = at + 12 * k;
      FloatVector x = FloatVector.broadcast(FLOATS, a[i + 0]);
      p0 = v0.fma(x, p0);
      q0 = v1.fma(x, q0);
      x = FloatVector.broadcast(FLOATS, a[i + 1]);
      p1 = v0.fma(x, p1);
      q1 = v1.fma(x, q1);
      x = FloatVector.broadcast(FLOATS, a[i + 2]);
      p2 = v0.fma(x, p2);
      q2 = v1.fma(x, q2);
      x = FloatVector.broadcast(FLOATS, a[i + 3]);
      p3 = v0.fma(x, p3);
      q3 = v1.fma(x, q3);
      x = FloatVector.broadcast(FLOATS, a[i + 4]);
      p4 = v0.fma(x, p4);
      q4 = v1.fma(x, q4);
      x = FloatVector.broadcast(FLOATS, a[i + 5]);
      p5 = v0.fma(x, p5);
      q5 = v1.fma(x, q5);
      x = FloatVector.broadcast(FLOATS, a[i + 6]);
      p6 = v0.fma(x, p6);
      q6 = v1.fma(x, q6);
      x = FloatVector.broadcast(FLOATS, a[i + 7]);
      p7 = v0.fma(x, p7);
      q7 = v1.fma(x, q7);
      x = FloatVector.broadcast(FLOATS, a[i + 8]);
      p8 = v0.fma(x, p8);
      q8 = v1.fma(x, q8);
      x = FloatVector.broadcast(FLOATS, a[i + 9]);
      p9 = v0.fma(x, p9);
      q9 = v1.fma(x, q9);
      x = FloatVector.broadcast(FLOATS, a[i + 10]);
      p10 = v0.fma(x, p10);
      q10 = v1.fma(x, q10);
      x = FloatVector.broadcast(FLOATS, a[i + 11]);
      p11 = v0.fma(x, p11);
      q11 = v1.fma(x, q11);
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
  static void rows4(float[] a, int at, float[] b, int b0, int b1, float[] sums) {
    FloatVector p0 = FloatVector.zero(FLOATS);
    FloatVector q0 = p0;
    FloatVector p1 = p0;
    FloatVector q1 = p0;
    FloatVector p2 = p0;
    FloatVector q2 = p0;
    FloatVector p3 = p0;
    FloatVector q3 = p0;
    for (int k = 0; k < Panels.BLOCK; k++) {
      int line = k * LINE_ROWS;
      FloatVector v0 = FloatVector.fromArray(FLOATS, b, b0 + line);
      FloatVector v1 = FloatVector.fromArray(FLOATS, b, b1 + line);
      int i = at + 4 * k;
      FloatVector x = FloatVector.broadcast(FLOATS, a[i + 0]);
      p0 = v0.fma(x, p0);
      q0 = v1.fma(x, q0);
      x = FloatVector.broadcast(FLOATS, a[i + 1]);
      p1 = v0.fma(x, p1);
      q1 = v1.fma(x, q1);
      x = FloatVector.broadcast(FLOATS, a[i + 2]);
      p2 = v0.fma(x, p2);
      q2 = v1.fma(x, q2);
      x = FloatVector.broadcast(FLOATS, a[i + 3]);
      p3 = v0.fma(x, p3);
      q3 = v1.fma(x, q3);
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
