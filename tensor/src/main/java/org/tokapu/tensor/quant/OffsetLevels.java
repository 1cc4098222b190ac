package org.tokapu.tensor.quant;

import org.jspecify.annotations.Nullable;
import org.tokapu.tensor.quant.search.AffineFit;
import org.tokapu.tensor.quant.search.ErrorWeights;

/// Chooses scale, offset and levels of a block `w = d * q + m`, `0 <= q <= max`: Q4_1 and Q5_1.
///
/// Without importance, the levels span smallest to largest value: the files then equal those of
/// other tools, byte for byte. With importance, both numbers are searched.
final class OffsetLevels {
  /// The levels of the block last chosen.
  final byte[] values = new byte[32];

  private final int max;
  private final AffineFit fit;
  private final float[] weights = new float[32];

  OffsetLevels(int max) {
    this.max = max;
    this.fit = new AffineFit(32, max, AffineFit.Steps.FINE);
  }

  /// Chooses levels for `x` and writes scale and offset to `out[at .. at + 4)`.
  void choose(float[] x, float @Nullable [] importance, byte[] out, int at) {
    if (importance == null) {
      chooseBySpan(x, out, at);
      return;
    }
    ErrorWeights.byImportance(x, 0, importance, ErrorWeights.meanSquare(x), weights);
    fit.search(x, 0, weights);
    float d = LittleEndian.putScale(out, at, fit.scale());
    float m = LittleEndian.putScale(out, at + 2, -fit.min());
    float inverse = d == 0 ? 0 : 1 / d;
    for (int i = 0; i < 32; i++) {
      values[i] = (byte) Math.clamp((int) Math.rint((x[i] - m) * inverse), 0, max);
    }
  }

  private void chooseBySpan(float[] x, byte[] out, int at) {
    float low = Float.MAX_VALUE;
    float high = -Float.MAX_VALUE;
    for (float v : x) {
      low = Math.min(low, v);
      high = Math.max(high, v);
    }
    float d = (high - low) / max;
    float inverse = d == 0 ? 0 : 1 / d;
    LittleEndian.putScale(out, at, d);
    LittleEndian.putScale(out, at + 2, low);
    for (int i = 0; i < 32; i++) {
      values[i] = (byte) Math.min(max, (int) ((x[i] - low) * inverse + 0.5f));
    }
  }
}
