package org.tokapu.tensor.vector;

import static org.tokapu.tensor.vector.Native.BYTES;
import static org.tokapu.tensor.vector.Native.LINE;
import static org.tokapu.tensor.vector.Native.floats;
import static org.tokapu.tensor.vector.Native.spread;
import static org.tokapu.tensor.vector.Native.store;
import static org.tokapu.tensor.vector.Native.zero;
import static org.tokapu.tensor.vector.Panels.ROW;

import jdk.incubator.vector.FloatVector;

/// Products of a [Panels] panel whose weights are int8, as float32: a sum of 32 products of int8
/// stays below 2^24, hence exact.
final class FloatPanels {
  private FloatPanels() {}

  private static void finish(
      FloatVector p, FloatVector q, FloatVector s0, FloatVector s1, long scale, long c) {
    FloatVector d = spread(scale);
    store(p.fma(s0.mul(d), floats(c)), c);
    store(q.fma(s1.mul(d), floats(c + BYTES)), c + BYTES);
  }

  /// 12 rows by two vectors of columns.
  static void rows12(long a, long b0, long b1, long s0, long s1, long c, int blocks) {
    for (int g = 0; g < blocks; g++) {
      FloatVector p0 = zero();
      FloatVector q0 = zero();
      FloatVector p1 = zero();
      FloatVector q1 = zero();
      FloatVector p2 = zero();
      FloatVector q2 = zero();
      FloatVector p3 = zero();
      FloatVector q3 = zero();
      FloatVector p4 = zero();
      FloatVector q4 = zero();
      FloatVector p5 = zero();
      FloatVector q5 = zero();
      FloatVector p6 = zero();
      FloatVector q6 = zero();
      FloatVector p7 = zero();
      FloatVector q7 = zero();
      FloatVector p8 = zero();
      FloatVector q8 = zero();
      FloatVector p9 = zero();
      FloatVector q9 = zero();
      FloatVector p10 = zero();
      FloatVector q10 = zero();
      FloatVector p11 = zero();
      FloatVector q11 = zero();
      for (int k = 0; k < 32; k++) {
        FloatVector v0 = floats(b0);
        FloatVector v1 = floats(b1);
        FloatVector x0 = spread(a + 0);
        p0 = v0.fma(x0, p0);
        q0 = v1.fma(x0, q0);
        FloatVector x1 = spread(a + 4);
        p1 = v0.fma(x1, p1);
        q1 = v1.fma(x1, q1);
        FloatVector x2 = spread(a + 8);
        p2 = v0.fma(x2, p2);
        q2 = v1.fma(x2, q2);
        FloatVector x3 = spread(a + 12);
        p3 = v0.fma(x3, p3);
        q3 = v1.fma(x3, q3);
        FloatVector x4 = spread(a + 16);
        p4 = v0.fma(x4, p4);
        q4 = v1.fma(x4, q4);
        FloatVector x5 = spread(a + 20);
        p5 = v0.fma(x5, p5);
        q5 = v1.fma(x5, q5);
        FloatVector x6 = spread(a + 24);
        p6 = v0.fma(x6, p6);
        q6 = v1.fma(x6, q6);
        FloatVector x7 = spread(a + 28);
        p7 = v0.fma(x7, p7);
        q7 = v1.fma(x7, q7);
        FloatVector x8 = spread(a + 32);
        p8 = v0.fma(x8, p8);
        q8 = v1.fma(x8, q8);
        FloatVector x9 = spread(a + 36);
        p9 = v0.fma(x9, p9);
        q9 = v1.fma(x9, q9);
        FloatVector x10 = spread(a + 40);
        p10 = v0.fma(x10, p10);
        q10 = v1.fma(x10, q10);
        FloatVector x11 = spread(a + 44);
        p11 = v0.fma(x11, p11);
        q11 = v1.fma(x11, q11);
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
      FloatVector p0 = zero();
      FloatVector q0 = zero();
      FloatVector p1 = zero();
      FloatVector q1 = zero();
      FloatVector p2 = zero();
      FloatVector q2 = zero();
      FloatVector p3 = zero();
      FloatVector q3 = zero();
      for (int k = 0; k < 32; k++) {
        FloatVector v0 = floats(b0);
        FloatVector v1 = floats(b1);
        FloatVector x0 = spread(a + 0);
        p0 = v0.fma(x0, p0);
        q0 = v1.fma(x0, q0);
        FloatVector x1 = spread(a + 4);
        p1 = v0.fma(x1, p1);
        q1 = v1.fma(x1, q1);
        FloatVector x2 = spread(a + 8);
        p2 = v0.fma(x2, p2);
        q2 = v1.fma(x2, q2);
        FloatVector x3 = spread(a + 12);
        p3 = v0.fma(x3, p3);
        q3 = v1.fma(x3, q3);
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
