package org.tokapu.tensor.quant.search;

/// Finds the scale of `x ≈ scale * q` with whole `-half <= q < half`.
///
/// The value of largest magnitude belongs near level `-half`, the one that has no counterpart; the
/// search tries 19 scales that put it between `half - 0.9` and `half + 0.9`. For given levels the
/// best scale is `Σwxq / Σwq²`, and it explains `(Σwxq)² / Σwq²` of the weighted energy `Σwx²`: the
/// candidate that explains most wins.
public final class SymmetricFit {
  /// Below this largest magnitude a block is zero: no scale that F16 can express would show it.
  static final float NOTHING = 1e-15f;

  private static final int CANDIDATES = 9;

  private final int half;
  private final int size;
  private final double[] v;
  private final double[] wv;
  private final double[] w;

  /// Prepares for blocks of `size` weights and levels in `[-half, half)`.
  public SymmetricFit(int size, int half) {
    this.size = size;
    this.half = half;
    this.v = new double[size];
    this.w = new double[size];
    this.wv = new double[size];
  }

  /// Returns the scale for `x[at .. at + size)`, of either sign; 0 if there is nothing to express.
  ///
  /// @param weights error weights, from index 0
  public float scale(float[] x, int at, float[] weights) {
    float extreme = Extreme.of(x, at, size);
    if (Math.abs(extreme) < NOTHING) {
      return 0;
    }
    for (int i = 0; i < size; i++) {
      v[i] = x[at + i];
      w[i] = weights[i];
      wv[i] = w[i] * v[i];
    }
    double best = 0;
    double scale = 0;
    for (int step = 0; step <= 2 * CANDIDATES; step++) {
      // 0, -1, 1, -2, 2, ...: the obvious scale first, so that it wins ties.
      double shift = 0.1 * ((step & 1) == 0 ? step / 2 : -(step + 1) / 2);
      double inverse = -(half + shift) / extreme;
      double xq = 0;
      double qq = 0;
      for (int i = 0; i < size; i++) {
        double q = Math.max(-half, Math.min(half - 1, Math.rint(v[i] * inverse)));
        xq += wv[i] * q;
        qq += w[i] * q * q;
      }
      if (qq > 0 && xq * xq > best * qq) {
        scale = xq / qq;
        best = scale * xq;
      }
    }
    return (float) scale;
  }
}
