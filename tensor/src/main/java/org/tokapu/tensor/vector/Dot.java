package org.tokapu.tensor.vector;

import static org.tokapu.tensor.vector.Lanes.COUNT;
import static org.tokapu.tensor.vector.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;

/// Dot products of a weight row with one or four rows of activations.
///
/// Every product, alone or in a block of four, is summed in the same order: vector `i` goes to
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

  /// Stores the products of `w[wAt .. wAt + n)` and four rows of `x`, `n` apart, as vectors whose
  /// lanes are still to be summed, at multiples of the lane count of `sums`.
  static void four(float[] w, int wAt, float[] x, int xAt, int n, float[] sums) {
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
    int x1 = xAt + n;
    int x2 = x1 + n;
    int x3 = x2 + n;
    for (int i = 0; i < n; i += STEP) {
      FloatVector v = at(w, wAt + i);
      a0 = v.fma(at(x, xAt + i), a0);
      a1 = v.fma(at(x, x1 + i), a1);
      a2 = v.fma(at(x, x2 + i), a2);
      a3 = v.fma(at(x, x3 + i), a3);
      v = at(w, wAt + i + COUNT);
      b0 = v.fma(at(x, xAt + i + COUNT), b0);
      b1 = v.fma(at(x, x1 + i + COUNT), b1);
      b2 = v.fma(at(x, x2 + i + COUNT), b2);
      b3 = v.fma(at(x, x3 + i + COUNT), b3);
      v = at(w, wAt + i + 2 * COUNT);
      c0 = v.fma(at(x, xAt + i + 2 * COUNT), c0);
      c1 = v.fma(at(x, x1 + i + 2 * COUNT), c1);
      c2 = v.fma(at(x, x2 + i + 2 * COUNT), c2);
      c3 = v.fma(at(x, x3 + i + 2 * COUNT), c3);
      v = at(w, wAt + i + 3 * COUNT);
      d0 = v.fma(at(x, xAt + i + 3 * COUNT), d0);
      d1 = v.fma(at(x, x1 + i + 3 * COUNT), d1);
      d2 = v.fma(at(x, x2 + i + 3 * COUNT), d2);
      d3 = v.fma(at(x, x3 + i + 3 * COUNT), d3);
    }
    a0.add(b0).add(c0.add(d0)).intoArray(sums, 0);
    a1.add(b1).add(c1.add(d1)).intoArray(sums, COUNT);
    a2.add(b2).add(c2.add(d2)).intoArray(sums, 2 * COUNT);
    a3.add(b3).add(c3.add(d3)).intoArray(sums, 3 * COUNT);
  }
}
