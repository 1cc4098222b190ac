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
}
