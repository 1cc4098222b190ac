package org.tokapu.tensor.quant;

import org.jspecify.annotations.Nullable;
import org.tokapu.tensor.quant.search.ErrorWeights;
import org.tokapu.tensor.quant.search.Extreme;
import org.tokapu.tensor.quant.search.SymmetricFit;

/// Chooses scale and levels of a block `w = d * (q - half)`, `0 <= q < 2 * half`: Q4_0 and Q5_0.
///
/// Without importance, the value of largest magnitude goes to level 0 exactly: the files then equal
/// those of other tools, byte for byte. With importance, the scale is searched.
final class CentredLevels {
  /// The levels of the block last chosen.
  final byte[] values = new byte[32];

  private final int half;
  private final SymmetricFit fit;
  private final float[] weights = new float[32];

  CentredLevels(int half) {
    this.half = half;
    this.fit = new SymmetricFit(32, half);
  }

  /// Chooses levels for `x` and writes the scale to `out[at ..]`.
  void choose(float[] x, float @Nullable [] importance, byte[] out, int at) {
    if (importance == null) {
      chooseByExtreme(x, out, at);
      return;
    }
    ErrorWeights.byImportance(x, 0, importance, ErrorWeights.meanSquare(x), weights);
    float d = LittleEndian.putScale(out, at, fit.scale(x, 0, weights));
    float inverse = d == 0 ? 0 : 1 / d;
    for (int i = 0; i < 32; i++) {
      int q = (int) Math.rint(x[i] * inverse);
      values[i] = (byte) (Math.clamp(q, -half, half - 1) + half);
    }
  }

  private void chooseByExtreme(float[] x, byte[] out, int at) {
    float d = Extreme.of(x, 0, 32) / -half;
    float inverse = d == 0 ? 0 : 1 / d;
    LittleEndian.putScale(out, at, d);
    for (int i = 0; i < 32; i++) {
      values[i] = (byte) Math.min(2 * half - 1, (int) (x[i] * inverse + (half + 0.5f)));
    }
  }
}
