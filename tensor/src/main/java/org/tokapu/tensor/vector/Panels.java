package org.tokapu.tensor.vector;

import static org.tokapu.tensor.vector.Lanes.BYTES;
import static org.tokapu.tensor.vector.Lanes.LINE;
import static org.tokapu.tensor.vector.Lanes.PER_LINE;
import static org.tokapu.tensor.vector.Lanes.floats;
import static org.tokapu.tensor.vector.Lanes.spread;
import static org.tokapu.tensor.vector.Lanes.store;
import static org.tokapu.tensor.vector.Lanes.zero;

import jdk.incubator.vector.FloatVector;

/// The register-blocked float32 matrix product on panels of 32 columns.
///
/// For each group of `length` inputs, products are summed from zero by ascending input, and the sum
/// enters the result by `c = fma(sum, scale, c)`, then `c = fma(offset, sumOfInputs, c)`. Every
/// one-row kernel adds in this order too, so a row's bits do not depend on how many come with it.
///
/// Columns lie in two groups of 16 (lines of 64 bytes, one per input), activations in blocks
/// `[inputs][rows of the block]`, results in `[rows][32]`.
final class Panels {
  /// Columns of a panel.
  static final int COLUMNS = 2 * Lanes.LINE_ROWS;

  /// Bytes of a row of results.
  static final int ROW = COLUMNS * Float.BYTES;

  /// Rows of the largest block: 12 x 2 sums, two columns and a factor fit the 32 registers of
  /// AVX-512 and NEON, 4 x 2 the 16 registers of AVX2.
  static final int MAX_ROWS = BYTES == 32 ? 4 : 12;

  private Panels() {}

  /// Returns how many rows the block takes that starts with `left` rows to go: 12 or 4, the last
  /// ones of which may be empty.
  static int blockRows(int left) {
    return MAX_ROWS == 12 && left > 8 ? 12 : 4;
  }

  /// Adds the products of one block of rows with one panel.
  ///
  /// @param rows rows of the block, 12 or 4
  /// @param a the block's activations
  /// @param sums the block's sums of inputs `[groups][rows]`; read only with offsets
  /// @param b two addresses of 16 columns
  /// @param c the block's results
  static void multiply(
      int rows, long a, long sums, Operand first, Operand second, long c, int groups, int length) {
    for (int i = 0; i < PER_LINE; i++) {
      // The pair of vectors: of both halves at 512 bits, else neighbours in one half.
      Operand left = PER_LINE == 1 ? first : (2 * i < PER_LINE ? first : second);
      Operand right = PER_LINE == 1 ? second : left;
      int l = PER_LINE == 1 ? 0 : 2 * i % PER_LINE * BYTES;
      int r = PER_LINE == 1 ? 0 : l + BYTES;
      long at = c + (PER_LINE == 1 ? 0 : 2L * i * BYTES);
      if (rows == 12) {
        rows12(
            a, sums, left.lines + l, right.lines + r, left.scales + l, right.scales + r,
            left.offsets + l, right.offsets + r, at, groups, length, left.scaleStep, left.offset);
      } else {
        rows4(
            a, sums, left.lines + l, right.lines + r, left.scales + l, right.scales + r,
            left.offsets + l, right.offsets + r, at, groups, length, left.scaleStep, left.offset);
      }
    }
  }

  private static void scale(FloatVector p, FloatVector q, FloatVector s0, FloatVector s1, long c) {
    store(p.fma(s0, floats(c)), c);
    store(q.fma(s1, floats(c + BYTES)), c + BYTES);
  }

  private static void shift(long sum, FloatVector o0, FloatVector o1, long c) {
    FloatVector x = spread(sum);
    store(o0.fma(x, floats(c)), c);
    store(o1.fma(x, floats(c + BYTES)), c + BYTES);
  }

  /// Multiplies 12 rows of activations with two vectors of columns.
  private static void rows12(
      long a, long sums, long b0, long b1, long s0, long s1, long o0, long o1, long c,
      int groups, int length, int scaleStep, boolean offset) {
    for (int g = 0; g < groups; g++) {
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
      for (int k = 0; k < length; k++) {
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
      scale(p0, q0, t0, t1, c + 0L * ROW);
      scale(p1, q1, t0, t1, c + 1L * ROW);
      scale(p2, q2, t0, t1, c + 2L * ROW);
      scale(p3, q3, t0, t1, c + 3L * ROW);
      scale(p4, q4, t0, t1, c + 4L * ROW);
      scale(p5, q5, t0, t1, c + 5L * ROW);
      scale(p6, q6, t0, t1, c + 6L * ROW);
      scale(p7, q7, t0, t1, c + 7L * ROW);
      scale(p8, q8, t0, t1, c + 8L * ROW);
      scale(p9, q9, t0, t1, c + 9L * ROW);
      scale(p10, q10, t0, t1, c + 10L * ROW);
      scale(p11, q11, t0, t1, c + 11L * ROW);
      if (offset) {
        FloatVector m0 = floats(o0);
        FloatVector m1 = floats(o1);
        shift(sums + 0, m0, m1, c + 0L * ROW);
        shift(sums + 4, m0, m1, c + 1L * ROW);
        shift(sums + 8, m0, m1, c + 2L * ROW);
        shift(sums + 12, m0, m1, c + 3L * ROW);
        shift(sums + 16, m0, m1, c + 4L * ROW);
        shift(sums + 20, m0, m1, c + 5L * ROW);
        shift(sums + 24, m0, m1, c + 6L * ROW);
        shift(sums + 28, m0, m1, c + 7L * ROW);
        shift(sums + 32, m0, m1, c + 8L * ROW);
        shift(sums + 36, m0, m1, c + 9L * ROW);
        shift(sums + 40, m0, m1, c + 10L * ROW);
        shift(sums + 44, m0, m1, c + 11L * ROW);
        o0 += LINE;
        o1 += LINE;
        sums += 48;
      }
      s0 += scaleStep;
      s1 += scaleStep;
    }
  }

  /// Multiplies 4 rows of activations with two vectors of columns.
  private static void rows4(
      long a, long sums, long b0, long b1, long s0, long s1, long o0, long o1, long c,
      int groups, int length, int scaleStep, boolean offset) {
    for (int g = 0; g < groups; g++) {
      FloatVector p0 = zero();
      FloatVector q0 = zero();
      FloatVector p1 = zero();
      FloatVector q1 = zero();
      FloatVector p2 = zero();
      FloatVector q2 = zero();
      FloatVector p3 = zero();
      FloatVector q3 = zero();
      for (int k = 0; k < length; k++) {
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
      scale(p0, q0, t0, t1, c + 0L * ROW);
      scale(p1, q1, t0, t1, c + 1L * ROW);
      scale(p2, q2, t0, t1, c + 2L * ROW);
      scale(p3, q3, t0, t1, c + 3L * ROW);
      if (offset) {
        FloatVector m0 = floats(o0);
        FloatVector m1 = floats(o1);
        shift(sums + 0, m0, m1, c + 0L * ROW);
        shift(sums + 4, m0, m1, c + 1L * ROW);
        shift(sums + 8, m0, m1, c + 2L * ROW);
        shift(sums + 12, m0, m1, c + 3L * ROW);
        o0 += LINE;
        o1 += LINE;
        sums += 16;
      }
      s0 += scaleStep;
      s1 += scaleStep;
    }
  }
}
