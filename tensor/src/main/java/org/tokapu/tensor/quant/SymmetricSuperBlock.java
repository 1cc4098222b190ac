package org.tokapu.tensor.quant;

import java.util.Arrays;
import org.tokapu.tensor.quant.search.Extreme;

/// Quantizes scales and levels of a super-block of 256 weights `w = d * scale[j] * (q - half)` with
/// 16 parts `j` of 16 weights: Q3_K, Q6_K.
///
/// A caller first puts the best scale of each part into [#partScales].
final class SymmetricSuperBlock {
  /// What the caller found for each part.
  final float[] partScales = new float[16];

  /// Multiples of `d`, in `[-scaleHalf, scaleHalf)`.
  final int[] scales = new int[16];

  /// The levels, in `[0, 2 * half)`.
  final byte[] levels = new byte[256];

  private final int half;
  private final int scaleHalf;

  SymmetricSuperBlock(int half, int scaleHalf) {
    this.half = half;
    this.scaleHalf = scaleHalf;
  }

  /// Returns the unit `d` that puts the scale of largest magnitude at `-scaleHalf`.
  float unitByExtreme() {
    return Extreme.of(partScales, 0, 16) / -scaleHalf;
  }

  /// Writes F16 `d` to `out[at ..]` and rounds scales, then levels against what a reader will see.
  void quantize(float[] x, float d, byte[] out, int at) {
    float inverse = d == 0 ? 0 : 1 / d;
    float seen = LittleEndian.putScale(out, at, d);
    for (int j = 0; j < 16; j++) {
      int scale = (int) Math.rint(partScales[j] * inverse);
      scales[j] = Math.max(-scaleHalf, Math.min(scaleHalf - 1, scale));
      round(x, 16 * j, seen * scales[j]);
    }
  }

  private void round(float[] x, int from, float scale) {
    if (scale == 0) {
      Arrays.fill(levels, from, from + 16, (byte) half);
      return;
    }
    for (int i = from; i < from + 16; i++) {
      int q = (int) Math.rint(x[i] / scale);
      levels[i] = (byte) (Math.max(-half, Math.min(half - 1, q)) + half);
    }
  }
}
