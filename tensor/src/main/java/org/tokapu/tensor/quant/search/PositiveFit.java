package org.tokapu.tensor.quant.search;

/// Finds the scale of `x ≈ scale * q` with whole `0 <= q <= max` for values that are not negative:
/// the scales (or minima) of a super-block's parts, which are themselves quantized.
///
/// Tries nine scales that put the largest value between `max - 0.4` and `max + 0.4`, then improves
/// one level at a time for at most five rounds.
public final class PositiveFit {
  private static final int CANDIDATES = 4;
  private static final int ROUNDS = 5;

  private final int max;
  private final int size;
  private final double[] q;

  private double xq;
  private double qq;

  /// Prepares for `size` values and levels in `[0, max]`.
  public PositiveFit(int size, int max) {
    this.size = size;
    this.max = max;
    this.q = new double[size];
  }

  /// Returns the scale for `x[0 .. size)`; 0 if all are 0.
  ///
  /// @param weights positive error weights
  public float scale(float[] x, float[] weights) {
    float largest = 0;
    for (int i = 0; i < size; i++) {
      largest = Math.max(largest, x[i]);
    }
    if (largest == 0) {
      return 0;
    }
    start(x, weights, bestInverse(x, weights, largest));
    for (int round = 0; round < ROUNDS; round++) {
      if (!improve(x, weights)) {
        break;
      }
    }
    return qq > 0 ? (float) (xq / qq) : largest / max;
  }

  private double bestInverse(float[] x, float[] weights, float largest) {
    double best = Double.MAX_VALUE;
    double bestInverse = max / (double) largest;
    for (int step = 0; step <= 2 * CANDIDATES; step++) {
      double shift = 0.1 * ((step & 1) == 0 ? step / 2 : -(step + 1) / 2);
      double inverse = (max + shift) / largest;
      double error = 0;
      for (int i = 0; i < size; i++) {
        double off = x[i] - Math.min(max, Math.rint(x[i] * inverse)) / inverse;
        error += weights[i] * off * off;
      }
      if (error < best) {
        best = error;
        bestInverse = inverse;
      }
    }
    return bestInverse;
  }

  private void start(float[] x, float[] weights, double inverse) {
    xq = 0;
    qq = 0;
    for (int i = 0; i < size; i++) {
      q[i] = Math.min(max, Math.rint(x[i] * inverse));
      xq += (double) weights[i] * x[i] * q[i];
      qq += weights[i] * q[i] * q[i];
    }
  }

  private boolean improve(float[] x, float[] weights) {
    boolean changed = false;
    for (int i = 0; i < size; i++) {
      double w = weights[i];
      double otherXq = xq - w * x[i] * q[i];
      double otherQq = qq - w * q[i] * q[i];
      if (!(otherXq > 0 && otherQq > 0)) {
        continue;
      }
      double moved = Math.min(max, Math.rint(x[i] * otherQq / otherXq));
      if (moved == q[i]) {
        continue;
      }
      double newXq = otherXq + w * x[i] * moved;
      double newQq = otherQq + w * moved * moved;
      if (newXq * newXq * qq > xq * xq * newQq) {
        q[i] = moved;
        xq = newXq;
        qq = newQq;
        changed = true;
      }
    }
    return changed;
  }
}
