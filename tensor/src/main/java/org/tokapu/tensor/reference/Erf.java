package org.tokapu.tensor.reference;

/// The error function in float64.
final class Erf {
  private Erf() {}

  /// Returns `x * Φ(x)`, the exact GELU.
  static double gelu(double x) {
    return 0.5 * x * (1 + erf(x / Math.sqrt(2)));
  }

  /// Returns `erf(x)` within about 1e-15.
  ///
  /// The series `2/√π e^(-x²) Σ 2ⁿ x^(2n+1) / (2n+1)!!` (Abramowitz and Stegun 7.1.6) has positive
  /// terms only, so nothing cancels; from 6 on the result is 1 in float64.
  static double erf(double x) {
    if (Double.isNaN(x)) {
      return x;
    }
    if (Math.abs(x) > 6) {
      return Math.signum(x);
    }
    double term = x;
    double sum = x;
    for (int n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
  }
}
