package org.tokapu.engine.sampling;

/// The exponential function, the same to the bit on every machine and fast enough for a whole
/// vocabulary.
///
/// `Math.exp` may differ by a unit in the last place between machines, `StrictMath.exp` is several
/// times slower. This one writes `x = (64 k + j) ln2 / 64 + r` with `|r| <= ln2 / 128`, takes
/// `2^(j/64)` from a table and `e^r` from five terms of its series, whose remainder is below `r^6 /
/// 720 < 4e-17`. The result is within two units in the last place.
final class Exp {
  private static final int STEPS = 64;
  private static final double STEPS_PER_LN2 = STEPS / StrictMath.log(2);
  // ln2 / 64 in two parts: the high one has so few bits that its product with any step is exact.
  private static final double STEP_HIGH = 0x1.62e42feep-1 / STEPS;
  private static final double STEP_LOW = 0x1.a39ef35793c76p-33 / STEPS;
  // Adding and taking away 1.5 * 2^52 rounds to an integer, which then stands in the low bits.
  private static final double ROUND = 0x1.8p52;
  private static final double LIMIT = 700;
  private static final double[] POWERS = powers();

  private Exp() {}

  /// Returns `e^x`; 0 below -700, infinity above 700.
  static double of(double x) {
    if (!(x >= -LIMIT && x <= LIMIT)) {
      return x < 0 ? 0 : x > 0 ? Double.POSITIVE_INFINITY : Double.NaN;
    }
    double rounded = x * STEPS_PER_LN2 + ROUND;
    int step = (int) Double.doubleToRawLongBits(rounded);
    double n = rounded - ROUND;
    double r = (x - n * STEP_HIGH) - n * STEP_LOW;
    double series = r + r * r * (1 / 2.0 + r * (1 / 6.0 + r * (1 / 24.0 + r * (1 / 120.0))));
    double power = POWERS[step & (STEPS - 1)];
    long exponent = (long) (step >> 6) << 52;
    return Double.longBitsToDouble(Double.doubleToRawLongBits(power + power * series) + exponent);
  }

  private static double[] powers() {
    double[] table = new double[STEPS];
    for (int j = 0; j < STEPS; j++) {
      table[j] = StrictMath.pow(2, j / (double) STEPS);
    }
    return table;
  }
}
