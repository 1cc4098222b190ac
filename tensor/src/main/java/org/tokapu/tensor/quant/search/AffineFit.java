package org.tokapu.tensor.quant.search;

/// Finds scale and minimum of `x ≈ scale * q - min` with whole `0 <= q <= max`, `scale >= 0` and
/// `min >= 0`.
///
/// The span from the smallest value (or 0, if that is smaller) to the largest is laid over a little
/// less or more than `max` levels, in steps; each trial gives levels, and for given levels the best
/// scale and minimum solve a 2 by 2 linear system. The trial with the smallest error wins, and from
/// then on spans begin at its minimum.
public final class AffineFit {
  /// Which spans to try: `max + first`, then `step` more each time, `count + 1` in all.
  ///
  /// @param first levels more than `max` at the first trial, usually negative
  /// @param step how many levels more at each further trial
  /// @param count trials after the first
  public record Steps(double first, double step, int count) {
    /// For errors weighted by an importance matrix: worth a close look.
    public static final Steps FINE = new Steps(-0.9, 0.05, 36);
  }

  private final int max;
  private final int size;
  private final Steps steps;
  private final double[] v;
  private final double[] w;
  private final double[] wv;
  private final double[] q;

  private double low;
  private double high;
  private double sumW;
  private double sumX;
  private double sumXx;
  private double sumQ;
  private double sumQq;
  private double sumXq;

  private double bestError;
  private double bestScale;

  /// Prepares for blocks of `size` weights and levels in `[0, max]`.
  public AffineFit(int size, int max, Steps steps) {
    this.size = size;
    this.max = max;
    this.steps = steps;
    this.v = new double[size];
    this.w = new double[size];
    this.wv = new double[size];
    this.q = new double[size];
  }

  /// Returns the scale last found.
  public float scale() {
    return (float) bestScale;
  }

  /// Returns the minimum last found, as it is subtracted: not negative.
  public float min() {
    return low == 0 ? 0 : (float) -low;
  }

  /// Searches for `x[at .. at + size)`, minimising the weighted squared error.
  ///
  /// @param weights error weights, from index 0
  public void search(float[] x, int at, float[] weights) {
    search(x, at, weights, false);
  }

  /// Searches for `x[at .. at + size)`, choosing the trial by the weighted absolute error: with two
  /// bits, the square would care for outliers only.
  public void searchAbsolute(float[] x, int at, float[] weights) {
    search(x, at, weights, true);
  }

  private void search(float[] x, int at, float[] weights, boolean absolute) {
    load(x, at, weights);
    bestScale = 0;
    if (high <= low) {
      return;
    }
    bestError = Double.MAX_VALUE;
    trial(max / (high - low));
    consider((high - low) / max, low, absolute);
    for (int step = 0; step <= steps.count; step++) {
      trial((max + steps.first + steps.step * step) / (high - low));
      double determinant = sumW * sumQq - sumQ * sumQ;
      if (!(determinant > 0)) {
        continue;
      }
      double offset = (sumQq * sumX - sumQ * sumXq) / determinant;
      if (offset > 0) {
        consider(sumXq / sumQq, 0, absolute);
      } else {
        consider((sumW * sumXq - sumX * sumQ) / determinant, offset, absolute);
      }
    }
  }

  private void load(float[] x, int at, float[] weights) {
    low = 0;
    high = x[at];
    sumW = 0;
    sumX = 0;
    sumXx = 0;
    for (int i = 0; i < size; i++) {
      double value = x[at + i];
      double weight = weights[i];
      v[i] = value;
      w[i] = weight;
      wv[i] = weight * value;
      low = Math.min(low, value);
      high = Math.max(high, value);
      sumW += weight;
      sumX += wv[i];
      sumXx += wv[i] * value;
    }
  }

  /// Rounds to levels with this inverse scale and takes their moments.
  private void trial(double inverse) {
    double q1 = 0;
    double q2 = 0;
    double xq = 0;
    for (int i = 0; i < size; i++) {
      double level = Math.max(0, Math.min(max, Math.rint((v[i] - low) * inverse)));
      q[i] = level;
      double weighted = w[i] * level;
      q1 += weighted;
      q2 += weighted * level;
      xq += wv[i] * level;
    }
    sumQ = q1;
    sumQq = q2;
    sumXq = xq;
  }

  private void consider(double scale, double offset, boolean absolute) {
    double error = absolute ? absoluteError(scale, offset) : squaredError(scale, offset);
    if (error < bestError) {
      bestError = error;
      bestScale = scale;
      low = offset;
    }
  }

  private double squaredError(double scale, double offset) {
    return sumXx
        + scale * (scale * sumQq + 2 * offset * sumQ - 2 * sumXq)
        + offset * (offset * sumW - 2 * sumX);
  }

  private double absoluteError(double scale, double offset) {
    double error = 0;
    for (int i = 0; i < size; i++) {
      error += w[i] * Math.abs(scale * q[i] + offset - v[i]);
    }
    return error;
  }
}
