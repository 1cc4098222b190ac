package org.tokapu.engine.sampling;

/// The exponential function of numbers up to 0: the same to the bit on every machine, and fast
/// enough for a whole vocabulary.
///
/// `Math.exp` may differ by a unit in the last place between machines, `StrictMath.exp` is several
/// times slower. This one is only additions and multiplications, so that the compiler turns a loop
/// over it into vector instructions: eight terms of the series at `x / 1024` (the remainder is
/// below 4e-17), squared ten times, which leaves a relative error below 4e-13. Below -64 it stays
/// at `e^-64 = 1.6e-28`, which vanishes in any sum that holds a 1.
final class Exp {
  private static final double LEAST = -64;

  private Exp() {}

  /// Returns `e^x`, `x <= 0`.
  static double of(double x) {
    double r = Math.max(x, LEAST) * 0x1p-10;
    double series = 1 + r * (1.0 / 8);
    series = 1 + r * (1.0 / 7) * series;
    series = 1 + r * (1.0 / 6) * series;
    series = 1 + r * (1.0 / 5) * series;
    series = 1 + r * (1.0 / 4) * series;
    series = 1 + r * (1.0 / 3) * series;
    series = 1 + r * (1.0 / 2) * series;
    series = 1 + r * series;
    double p2 = series * series;
    double p4 = p2 * p2;
    double p8 = p4 * p4;
    double p16 = p8 * p8;
    double p32 = p16 * p16;
    double p64 = p32 * p32;
    double p128 = p64 * p64;
    double p256 = p128 * p128;
    double p512 = p256 * p256;
    return p512 * p512;
  }

  /// Sets `out[i]` to `e^((x[i] - max) * scale)` for all `i < n`.
  static void weights(float[] x, double max, double scale, double[] out, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = of((x[i] - max) * scale);
    }
  }

  /// Returns the sum of `e^(x[i] - max)` over all of `x`.
  static double sumOfWeights(float[] x, double max) {
    double[] block = new double[1024];
    double sum = 0;
    for (int at = 0; at < x.length; at += block.length) {
      int n = Math.min(block.length, x.length - at);
      for (int i = 0; i < n; i++) {
        block[i] = of(x[at + i] - max);
      }
      sum += sum(block, n);
    }
    return sum;
  }

  /// Returns the sum of `x[0 .. n]`, in an order that depends on `n` alone.
  static double sum(double[] x, int n) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = 0;
    for (; i + 3 < n; i += 4) {
      a += x[i];
      b += x[i + 1];
      c += x[i + 2];
      d += x[i + 3];
    }
    for (; i < n; i++) {
      a += x[i];
    }
    return (a + b) + (c + d);
  }
}
