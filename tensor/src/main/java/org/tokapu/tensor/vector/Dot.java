package org.tokapu.tensor.vector;

import static org.tokapu.tensor.vector.Lanes.COUNT;
import static org.tokapu.tensor.vector.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;

/// Dot products of one weight row with one row of activations, or of two with three.
///
/// Every product, alone or in a block of six, is summed in the same order: vector `i` goes to
/// accumulator `i % 4`, the accumulators are added in pairs, and [Lanes#sum] adds the lanes.
final class Dot {
  /// Lengths are multiples of this; rows are padded by zeros.
  static final int STEP = 4 * COUNT;

  private Dot() {}

  /// Returns `cols` rounded up to whole steps.
  static int padded(int cols) {
    return Math.ceilDiv(cols, STEP) * STEP;
  }

  private static FloatVector at(float[] values, int index) {
    return FloatVector.fromArray(FLOATS, values, index);
  }

  /// Returns `w[wAt ..] * x[xAt ..]` over `n` elements; `sums` is scratch.
  static float one(float[] w, int wAt, float[] x, int xAt, int n, float[] sums) {
    FloatVector a = FloatVector.zero(FLOATS);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    for (int i = 0; i < n; i += STEP) {
      a = at(w, wAt + i).fma(at(x, xAt + i), a);
      b = at(w, wAt + i + COUNT).fma(at(x, xAt + i + COUNT), b);
      c = at(w, wAt + i + 2 * COUNT).fma(at(x, xAt + i + 2 * COUNT), c);
      d = at(w, wAt + i + 3 * COUNT).fma(at(x, xAt + i + 3 * COUNT), d);
    }
    a.add(b).add(c.add(d)).intoArray(sums, 0);
    return Lanes.sum(sums, 0);
  }

  /// Stores the products of two rows of weights and three rows of `x`, all `n` apart, as vectors
  /// whose lanes are still to be summed: vector `3 r + t` of `sums` belongs to weights `r` and
  /// activations `t`. Five loads serve six products, which the multipliers need about as long for.
  static void six(float[] w, int wAt, float[] x, int xAt, int n, float[] sums) {
    FloatVector a0 = FloatVector.zero(FLOATS);
    FloatVector b0 = a0;
    FloatVector c0 = a0;
    FloatVector d0 = a0;
    FloatVector a1 = a0;
    FloatVector b1 = a0;
    FloatVector c1 = a0;
    FloatVector d1 = a0;
    FloatVector a2 = a0;
    FloatVector b2 = a0;
    FloatVector c2 = a0;
    FloatVector d2 = a0;
    FloatVector a3 = a0;
    FloatVector b3 = a0;
    FloatVector c3 = a0;
    FloatVector d3 = a0;
    FloatVector a4 = a0;
    FloatVector b4 = a0;
    FloatVector c4 = a0;
    FloatVector d4 = a0;
    FloatVector a5 = a0;
    FloatVector b5 = a0;
    FloatVector c5 = a0;
    FloatVector d5 = a0;
    int w1 = wAt + n;
    int x1 = xAt + n;
    int x2 = x1 + n;
    for (int i = 0; i < n; i += STEP) {
      FloatVector v0 = FloatVector.fromArray(FLOATS, w, wAt + i);
      FloatVector v1 = FloatVector.fromArray(FLOATS, w, w1 + i);
      FloatVector y = FloatVector.fromArray(FLOATS, x, xAt + i);
      a0 = v0.fma(y, a0);
      a3 = v1.fma(y, a3);
      y = FloatVector.fromArray(FLOATS, x, x1 + i);
      a1 = v0.fma(y, a1);
      a4 = v1.fma(y, a4);
      y = FloatVector.fromArray(FLOATS, x, x2 + i);
      a2 = v0.fma(y, a2);
      a5 = v1.fma(y, a5);
      v0 = FloatVector.fromArray(FLOATS, w, wAt + i + COUNT);
      v1 = FloatVector.fromArray(FLOATS, w, w1 + i + COUNT);
      y = FloatVector.fromArray(FLOATS, x, xAt + i + COUNT);
      b0 = v0.fma(y, b0);
      b3 = v1.fma(y, b3);
      y = FloatVector.fromArray(FLOATS, x, x1 + i + COUNT);
      b1 = v0.fma(y, b1);
      b4 = v1.fma(y, b4);
      y = FloatVector.fromArray(FLOATS, x, x2 + i + COUNT);
      b2 = v0.fma(y, b2);
      b5 = v1.fma(y, b5);
      v0 = FloatVector.fromArray(FLOATS, w, wAt + i + 2 * COUNT);
      v1 = FloatVector.fromArray(FLOATS, w, w1 + i + 2 * COUNT);
      y = FloatVector.fromArray(FLOATS, x, xAt + i + 2 * COUNT);
      c0 = v0.fma(y, c0);
      c3 = v1.fma(y, c3);
      y = FloatVector.fromArray(FLOATS, x, x1 + i + 2 * COUNT);
      c1 = v0.fma(y, c1);
      c4 = v1.fma(y, c4);
      y = FloatVector.fromArray(FLOATS, x, x2 + i + 2 * COUNT);
      c2 = v0.fma(y, c2);
      c5 = v1.fma(y, c5);
      v0 = FloatVector.fromArray(FLOATS, w, wAt + i + 3 * COUNT);
      v1 = FloatVector.fromArray(FLOATS, w, w1 + i + 3 * COUNT);
      y = FloatVector.fromArray(FLOATS, x, xAt + i + 3 * COUNT);
      d0 = v0.fma(y, d0);
      d3 = v1.fma(y, d3);
      y = FloatVector.fromArray(FLOATS, x, x1 + i + 3 * COUNT);
      d1 = v0.fma(y, d1);
      d4 = v1.fma(y, d4);
      y = FloatVector.fromArray(FLOATS, x, x2 + i + 3 * COUNT);
      d2 = v0.fma(y, d2);
      d5 = v1.fma(y, d5);
    }
    a0.add(b0).add(c0.add(d0)).intoArray(sums, 0);
    a1.add(b1).add(c1.add(d1)).intoArray(sums, COUNT);
    a2.add(b2).add(c2.add(d2)).intoArray(sums, 2 * COUNT);
    a3.add(b3).add(c3.add(d3)).intoArray(sums, 3 * COUNT);
    a4.add(b4).add(c4.add(d4)).intoArray(sums, 4 * COUNT);
    a5.add(b5).add(c5.add(d5)).intoArray(sums, 5 * COUNT);
  }
}
