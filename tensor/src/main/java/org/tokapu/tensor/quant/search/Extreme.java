package org.tokapu.tensor.quant.search;

/// The value that decides a symmetric scale.
public final class Extreme {
  private Extreme() {}

  /// Returns the value of largest magnitude in `x[at .. at + n)`, the first of equals; 0 if none.
  public static float of(float[] x, int at, int n) {
    float extreme = 0;
    for (int i = at; i < at + n; i++) {
      if (Math.abs(x[i]) > Math.abs(extreme)) {
        extreme = x[i];
      }
    }
    return extreme;
  }

  /// Returns the unit that puts the [extreme][#of] of all `scales` at level `-half`; 0 if all are
  /// 0.
  public static float unit(float[] scales, int half) {
    float extreme = of(scales, 0, scales.length);
    return extreme == 0 ? 0 : extreme / -half;
  }
}
