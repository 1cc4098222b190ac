package org.tokapu.tensor.quant.search;

/// Finds the scale of `x ≈ scale * c[q]` for a codebook `c` of 16 ascending whole numbers within
/// `[-128, 127]`, and rounds to it.
///
/// The value of largest magnitude is put at the codebook's first (negative) number, at up to seven
/// units to both sides of it, and at the same distance on the positive side; the candidate that
/// explains most of `Σwx²` wins, as in [SymmetricFit].
public final class CodebookFit {
  private static final int CANDIDATES = 7;

  private final byte[] codebook;
  private final byte[] nearest;
  private final int size;
  private final double[] v;
  private final double[] w;
  private final double[] wv;

  /// Prepares for blocks of `size` weights.
  public CodebookFit(int size, byte[] codebook) {
    this.size = size;
    this.codebook = codebook;
    this.nearest = nearestTable(codebook);
    this.v = new double[size];
    this.w = new double[size];
    this.wv = new double[size];
  }

  /// Returns the index of the number nearest to `value`; of two at the same distance, the larger.
  public int index(double value) {
    // Midpoints between whole numbers are multiples of 1/2, so half steps decide.
    return nearest[(int) (2 * Math.max(-128, Math.min(127, value)) + 256)];
  }

  private static byte[] nearestTable(byte[] codebook) {
    byte[] table = new byte[511];
    int index = 0;
    for (int i = 0; i < table.length; i++) {
      // i stands for [i, i + 1) / 2 - 128; midpoint m of two numbers: 2m + 256 = sum + 256
      while (index < 15 && i >= codebook[index] + codebook[index + 1] + 256) {
        index++;
      }
      table[i] = (byte) index;
    }
    return table;
  }

  /// Returns the scale for `x[at .. at + size)`, of either sign; 0 if there is nothing to express.
  ///
  /// @param weights error weights, from index 0
  public float scale(float[] x, int at, float[] weights) {
    float extreme = Extreme.of(x, at, size);
    if (Math.abs(extreme) < SymmetricFit.NOTHING) {
      return 0;
    }
    for (int i = 0; i < size; i++) {
      v[i] = x[at + i];
      w[i] = weights[i];
      wv[i] = w[i] * v[i];
    }
    double best = 0;
    double scale = 0;
    for (int step = -CANDIDATES - 1; step <= CANDIDATES; step++) {
      int place = step < -CANDIDATES ? -codebook[0] : codebook[0] + step;
      double inverse = place / (double) extreme;
      double xc = 0;
      double cc = 0;
      for (int i = 0; i < size; i++) {
        double c = codebook[index(v[i] * inverse)];
        xc += wv[i] * c;
        cc += w[i] * c * c;
      }
      if (cc > 0 && xc * xc > best * cc) {
        scale = xc / cc;
        best = scale * xc;
      }
    }
    return (float) scale;
  }
}
