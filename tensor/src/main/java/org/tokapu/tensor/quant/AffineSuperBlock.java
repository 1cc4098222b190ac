package org.tokapu.tensor.quant;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.tokapu.tensor.quant.search.AffineFit;
import org.tokapu.tensor.quant.search.ErrorWeights;
import org.tokapu.tensor.quant.search.PositiveFit;

/// Chooses everything in a super-block of 256 weights `w = d * scale[j] * q - dmin * min[j]` with
/// parts `j` of equal size: Q2_K, Q4_K, Q5_K.
///
/// First each part gets its own best scale and minimum; these are then quantized themselves, to
/// whole multiples of `d` and `dmin`; last, the levels are rounded against what a reader will see.
final class AffineSuperBlock {
  private static final int SIZE = 256;

  /// How errors count, and how a part is searched, without an importance matrix.
  enum Plain {
    /// Weights `|x|`, smallest absolute error.
    ABSOLUTE,
    /// Weights `rms + |x|`, smallest squared error.
    SQUARED
  }

  /// Multiples of `d`, one a part.
  final int[] scales;

  /// Multiples of `dmin`, one a part.
  final int[] mins;

  /// The levels.
  final byte[] levels = new byte[SIZE];

  private final Plain plain;
  private final float spread;
  private final int max;
  private final int scaleMax;
  private final int parts;
  private final int partSize;
  private final AffineFit plainFit;
  private final AffineFit fineFit;
  private final PositiveFit scaleFit;
  private final float[] weights;
  private final float[] partWeights;
  private final float[] partScales;
  private final float[] partMins;

  /// Prepares for `parts` parts, levels up to `max` and multiples up to `scaleMax`.
  ///
  /// @param spread how many mean squares [ErrorWeights#byImportance] is softened by
  AffineSuperBlock(
      int parts, int max, int scaleMax, Plain plain, AffineFit.Steps plainSteps, float spread) {
    this.parts = parts;
    this.max = max;
    this.scaleMax = scaleMax;
    this.plain = plain;
    this.spread = spread;
    this.partSize = SIZE / parts;
    this.plainFit = new AffineFit(partSize, max, plainSteps);
    this.fineFit = new AffineFit(partSize, max, AffineFit.Steps.FINE);
    this.scaleFit = new PositiveFit(parts, scaleMax);
    this.scales = new int[parts];
    this.mins = new int[parts];
    this.weights = new float[partSize];
    this.partWeights = new float[parts];
    this.partScales = new float[parts];
    this.partMins = new float[parts];
  }

  /// Chooses for `x` and writes F16 `d` and `dmin` to `out[at .. at + 4)`.
  void choose(float[] x, float @Nullable [] importance, byte[] out, int at) {
    float d;
    float dmin;
    if (importance == null) {
      fitPlain(x);
      d = largest(partScales) / scaleMax;
      dmin = largest(partMins) / scaleMax;
    } else {
      fitByImportance(x, importance);
      d = scaleFit.scale(partScales, partWeights);
      dmin = scaleFit.scale(partMins, partWeights);
    }
    quantize(partScales, d, scales);
    quantize(partMins, dmin, mins);
    float seenD = LittleEndian.putScale(out, at, d);
    float seenMin = LittleEndian.putScale(out, at + 2, dmin);
    for (int j = 0; j < parts; j++) {
      round(x, j, seenD * scales[j], seenMin * mins[j]);
    }
  }

  private void fitPlain(float[] x) {
    for (int j = 0; j < parts; j++) {
      int at = j * partSize;
      if (plain == Plain.ABSOLUTE) {
        ErrorWeights.byMagnitude(x, at, weights);
        plainFit.searchAbsolute(x, at, weights);
      } else {
        ErrorWeights.byRaisedMagnitude(x, at, weights);
        plainFit.search(x, at, weights);
      }
      partScales[j] = Math.max(0, plainFit.scale());
      partMins[j] = plainFit.min();
    }
  }

  private void fitByImportance(float[] x, float[] importance) {
    float softening = spread * ErrorWeights.meanSquare(x);
    for (int j = 0; j < parts; j++) {
      int at = j * partSize;
      ErrorWeights.byImportance(x, at, importance, softening, weights);
      fineFit.search(x, at, weights);
      partWeights[j] = ErrorWeights.sum(weights);
      partScales[j] = Math.max(0, fineFit.scale());
      partMins[j] = fineFit.min();
    }
  }

  private static float largest(float[] values) {
    float largest = 0;
    for (float v : values) {
      largest = Math.max(largest, v);
    }
    return largest;
  }

  private void quantize(float[] values, float unit, int[] out) {
    float inverse = unit == 0 ? 0 : 1 / unit;
    for (int j = 0; j < parts; j++) {
      out[j] = Math.min(scaleMax, (int) Math.rint(values[j] * inverse));
    }
  }

  private void round(float[] x, int part, float scale, float min) {
    int from = part * partSize;
    if (scale == 0) {
      Arrays.fill(levels, from, from + partSize, (byte) 0);
      return;
    }
    for (int i = from; i < from + partSize; i++) {
      int q = (int) Math.rint((x[i] + min) / scale);
      levels[i] = (byte) Math.max(0, Math.min(max, q));
    }
  }
}
