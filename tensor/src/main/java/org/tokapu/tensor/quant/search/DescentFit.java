package org.tokapu.tensor.quant.search;

/// Finds the scale of `x ≈ scale * q` with whole `-half <= q < half` for very few levels, errors
/// weighted by `x²`.
///
/// Starts with the largest magnitude at level `-half` and improves one level at a time (coordinate
/// descent): each is moved to the best place given all the others, for at most five rounds. With
/// four or eight levels this beats scanning scales.
public final class DescentFit {
  private static final int ROUNDS = 5;

  private final int half;
  private final int size;
  private final double[] q;

  private double xq;
  private double qq;

  /// Prepares for blocks of `size` weights and levels in `[-half, half)`.
  public DescentFit(int size, int half) {
    this.size = size;
    this.half = half;
    this.q = new double[size];
  }

  /// Returns the scale for `x[at .. at + size)`, of either sign; 0 if there is nothing to express.
  public float scale(float[] x, int at) {
    float extreme = Extreme.of(x, at, size);
    if (Math.abs(extreme) < SymmetricFit.NOTHING) {
      return 0;
    }
    start(x, at, -half / extreme);
    for (int round = 0; round < ROUNDS; round++) {
      if (!improve(x, at)) {
        break;
      }
    }
    return qq > 0 ? (float) (xq / qq) : 0;
  }

  private void start(float[] x, int at, float inverse) {
    xq = 0;
    qq = 0;
    for (int i = 0; i < size; i++) {
      double v = x[at + i];
      q[i] = clamp(Math.rint(v * inverse));
      xq += v * v * v * q[i];
      qq += v * v * q[i] * q[i];
    }
  }

  private boolean improve(float[] x, int at) {
    boolean changed = false;
    for (int i = 0; i < size; i++) {
      double v = x[at + i];
      double w = v * v;
      double otherXq = xq - w * v * q[i];
      if (!(otherXq > 0)) {
        continue;
      }
      double otherQq = qq - w * q[i] * q[i];
      double moved = clamp(Math.rint(v * otherQq / otherXq));
      if (moved == q[i]) {
        continue;
      }
      double newXq = otherXq + w * v * moved;
      double newQq = otherQq + w * moved * moved;
      if (newQq > 0 && newXq * newXq * qq > xq * xq * newQq) {
        q[i] = moved;
        xq = newXq;
        qq = newQq;
        changed = true;
      }
    }
    return changed;
  }

  private double clamp(double level) {
    return Math.max(-half, Math.min(half - 1, level));
  }
}
