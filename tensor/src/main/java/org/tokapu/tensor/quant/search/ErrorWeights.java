package org.tokapu.tensor.quant.search;

/// How much a squared error at each weight of a block counts.
///
/// A matrix row meets activations `a`, so an error `e` at input `i` costs `a_i^2 e^2`: the
/// importance matrix knows the mean of `a_i^2`. Large weights tend to meet large activations, which
/// is what is left to go by without one.
public final class ErrorWeights {
  private ErrorWeights() {}

  /// Returns the mean square of `x`.
  public static float meanSquare(float[] x) {
    return sumOfSquares(x, 0, x.length) / x.length;
  }

  /// Fills `out` with `importance[i] * sqrt(spread + x[i]^2)` for its length from `at`.
  ///
  /// The root keeps what is known about large weights, softened: `spread` is a mean square.
  public static void byImportance(
      float[] x, int at, float[] importance, float spread, float[] out) {
    for (int i = 0; i < out.length; i++) {
      float v = x[at + i];
      out[i] = importance[at + i] * (float) Math.sqrt(spread + v * v);
    }
  }

  /// Fills `out` with `x[i]^2` for its length from `at`.
  public static void bySquare(float[] x, int at, float[] out) {
    for (int i = 0; i < out.length; i++) {
      float v = x[at + i];
      out[i] = v * v;
    }
  }

  /// Fills `out` with `|x[i]|` for its length from `at`.
  public static void byMagnitude(float[] x, int at, float[] out) {
    for (int i = 0; i < out.length; i++) {
      out[i] = Math.abs(x[at + i]);
    }
  }

  /// Fills `out` with `rms(x) + |x[i]|` for its length from `at`, the mean taken there too.
  public static void byRaisedMagnitude(float[] x, int at, float[] out) {
    float rms = (float) Math.sqrt(sumOfSquares(x, at, out.length) / out.length);
    for (int i = 0; i < out.length; i++) {
      out[i] = rms + Math.abs(x[at + i]);
    }
  }

  /// Returns the sum of `weights`.
  public static float sum(float[] weights) {
    float sum = 0;
    for (float w : weights) {
      sum += w;
    }
    return sum;
  }

  private static float sumOfSquares(float[] x, int at, int n) {
    float sum = 0;
    for (int i = at; i < at + n; i++) {
      sum += x[i] * x[i];
    }
    return sum;
  }
}
