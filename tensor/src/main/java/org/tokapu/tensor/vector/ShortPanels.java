package org.tokapu.tensor.vector;

import static org.tokapu.tensor.vector.Native.BYTES;
import static org.tokapu.tensor.vector.Native.LINE;
import static org.tokapu.tensor.vector.Native.SHORTS;
import static org.tokapu.tensor.vector.Native.floats;
import static org.tokapu.tensor.vector.Native.shorts;
import static org.tokapu.tensor.vector.Native.spread;
import static org.tokapu.tensor.vector.Native.spreadPair;
import static org.tokapu.tensor.vector.Native.store;
import static org.tokapu.tensor.vector.Panels.ROW;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.ShortVector;

/// Products of a [Panels] panel whose weights are small integers of at most four bits: 32 products
/// of such with int8 fit the two int16 lanes of a row, 16 in each.
final class ShortPanels {
  private ShortPanels() {}

  private static void finish(
      ShortVector p, ShortVector q, FloatVector s0, FloatVector s1, long scale, long c) {
    FloatVector d = spread(scale);
    store(RowKernels.sums(p).fma(s0.mul(d), floats(c)), c);
    store(RowKernels.sums(q).fma(s1.mul(d), floats(c + BYTES)), c + BYTES);
  }

  /// 12 rows by two vectors of columns.
  static void rows12(long a, long b0, long b1, long s0, long s1, long c, int blocks) {
    for (int g = 0; g < blocks; g++) {
      ShortVector p0 = ShortVector.zero(SHORTS);
      ShortVector q0 = ShortVector.zero(SHORTS);
      ShortVector p1 = ShortVector.zero(SHORTS);
      ShortVector q1 = ShortVector.zero(SHORTS);
      ShortVector p2 = ShortVector.zero(SHORTS);
      ShortVector q2 = ShortVector.zero(SHORTS);
      ShortVector p3 = ShortVector.zero(SHORTS);
      ShortVector q3 = ShortVector.zero(SHORTS);
      ShortVector p4 = ShortVector.zero(SHORTS);
      ShortVector q4 = ShortVector.zero(SHORTS);
      ShortVector p5 = ShortVector.zero(SHORTS);
      ShortVector q5 = ShortVector.zero(SHORTS);
      ShortVector p6 = ShortVector.zero(SHORTS);
      ShortVector q6 = ShortVector.zero(SHORTS);
      ShortVector p7 = ShortVector.zero(SHORTS);
      ShortVector q7 = ShortVector.zero(SHORTS);
      ShortVector p8 = ShortVector.zero(SHORTS);
      ShortVector q8 = ShortVector.zero(SHORTS);
      ShortVector p9 = ShortVector.zero(SHORTS);
      ShortVector q9 = ShortVector.zero(SHORTS);
      ShortVector p10 = ShortVector.zero(SHORTS);
      ShortVector q10 = ShortVector.zero(SHORTS);
      ShortVector p11 = ShortVector.zero(SHORTS);
      ShortVector q11 = ShortVector.zero(SHORTS);
      for (int k = 0; k < 16; k++) {
        ShortVector v0 = shorts(b0);
        ShortVector v1 = shorts(b1);
        ShortVector x0 = spreadPair(a + 0);
        p0 = p0.add(v0.mul(x0));
        q0 = q0.add(v1.mul(x0));
        ShortVector x1 = spreadPair(a + 4);
        p1 = p1.add(v0.mul(x1));
        q1 = q1.add(v1.mul(x1));
        ShortVector x2 = spreadPair(a + 8);
        p2 = p2.add(v0.mul(x2));
        q2 = q2.add(v1.mul(x2));
        ShortVector x3 = spreadPair(a + 12);
        p3 = p3.add(v0.mul(x3));
        q3 = q3.add(v1.mul(x3));
        ShortVector x4 = spreadPair(a + 16);
        p4 = p4.add(v0.mul(x4));
        q4 = q4.add(v1.mul(x4));
        ShortVector x5 = spreadPair(a + 20);
        p5 = p5.add(v0.mul(x5));
        q5 = q5.add(v1.mul(x5));
        ShortVector x6 = spreadPair(a + 24);
        p6 = p6.add(v0.mul(x6));
        q6 = q6.add(v1.mul(x6));
        ShortVector x7 = spreadPair(a + 28);
        p7 = p7.add(v0.mul(x7));
        q7 = q7.add(v1.mul(x7));
        ShortVector x8 = spreadPair(a + 32);
        p8 = p8.add(v0.mul(x8));
        q8 = q8.add(v1.mul(x8));
        ShortVector x9 = spreadPair(a + 36);
        p9 = p9.add(v0.mul(x9));
        q9 = q9.add(v1.mul(x9));
        ShortVector x10 = spreadPair(a + 40);
        p10 = p10.add(v0.mul(x10));
        q10 = q10.add(v1.mul(x10));
        ShortVector x11 = spreadPair(a + 44);
        p11 = p11.add(v0.mul(x11));
        q11 = q11.add(v1.mul(x11));
        a += 48;
        b0 += LINE;
        b1 += LINE;
      }
      FloatVector t0 = floats(s0);
      FloatVector t1 = floats(s1);
      finish(p0, q0, t0, t1, a + 0, c + 0L * ROW);
      finish(p1, q1, t0, t1, a + 4, c + 1L * ROW);
      finish(p2, q2, t0, t1, a + 8, c + 2L * ROW);
      finish(p3, q3, t0, t1, a + 12, c + 3L * ROW);
      finish(p4, q4, t0, t1, a + 16, c + 4L * ROW);
      finish(p5, q5, t0, t1, a + 20, c + 5L * ROW);
      finish(p6, q6, t0, t1, a + 24, c + 6L * ROW);
      finish(p7, q7, t0, t1, a + 28, c + 7L * ROW);
      finish(p8, q8, t0, t1, a + 32, c + 8L * ROW);
      finish(p9, q9, t0, t1, a + 36, c + 9L * ROW);
      finish(p10, q10, t0, t1, a + 40, c + 10L * ROW);
      finish(p11, q11, t0, t1, a + 44, c + 11L * ROW);
      a += 48;
      s0 += LINE;
      s1 += LINE;
    }
  }

  /// 4 rows by two vectors of columns.
  static void rows4(long a, long b0, long b1, long s0, long s1, long c, int blocks) {
    for (int g = 0; g < blocks; g++) {
      ShortVector p0 = ShortVector.zero(SHORTS);
      ShortVector q0 = ShortVector.zero(SHORTS);
      ShortVector p1 = ShortVector.zero(SHORTS);
      ShortVector q1 = ShortVector.zero(SHORTS);
      ShortVector p2 = ShortVector.zero(SHORTS);
      ShortVector q2 = ShortVector.zero(SHORTS);
      ShortVector p3 = ShortVector.zero(SHORTS);
      ShortVector q3 = ShortVector.zero(SHORTS);
      for (int k = 0; k < 16; k++) {
        ShortVector v0 = shorts(b0);
        ShortVector v1 = shorts(b1);
        ShortVector x0 = spreadPair(a + 0);
        p0 = p0.add(v0.mul(x0));
        q0 = q0.add(v1.mul(x0));
        ShortVector x1 = spreadPair(a + 4);
        p1 = p1.add(v0.mul(x1));
        q1 = q1.add(v1.mul(x1));
        ShortVector x2 = spreadPair(a + 8);
        p2 = p2.add(v0.mul(x2));
        q2 = q2.add(v1.mul(x2));
        ShortVector x3 = spreadPair(a + 12);
        p3 = p3.add(v0.mul(x3));
        q3 = q3.add(v1.mul(x3));
        a += 16;
        b0 += LINE;
        b1 += LINE;
      }
      FloatVector t0 = floats(s0);
      FloatVector t1 = floats(s1);
      finish(p0, q0, t0, t1, a + 0, c + 0L * ROW);
      finish(p1, q1, t0, t1, a + 4, c + 1L * ROW);
      finish(p2, q2, t0, t1, a + 8, c + 2L * ROW);
      finish(p3, q3, t0, t1, a + 12, c + 3L * ROW);
      a += 16;
      s0 += LINE;
      s1 += LINE;
    }
  }
}
