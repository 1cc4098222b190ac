package org.tokapu.model;

import java.lang.foreign.Arena;
import org.jspecify.annotations.Nullable;
import org.tokapu.tensor.RopeTable;
import org.tokapu.tensor.Tensor;

/// Rotary position embedding and the ways to stretch it beyond the trained context.
///
/// Frequencies are computed in float32 in the order of Hugging Face's `modeling_rope_utils`, so
/// that angles agree to the last bit where the arithmetic does.
///
/// Sources: RoFormer (arXiv 2104.09864); linear: arXiv 2306.15595; dynamic NTK: the scaling of
/// transformers; YaRN: arXiv 2309.00071; llama3: the scaling of LLaMA 3.1.
///
/// **Dynamic NTK** stretches by the length of the sequence. Keys are rotated once and cached, so
/// the context that the model is opened with takes the place of the current length: what is cached
/// stays right, and chunks equal the whole.
public final class Rope {
  private Rope() {}

  /// Builds the table of a model from its hyperparameters.
  ///
  /// @param dims rotated elements of a head, even
  /// @param factors divisors of the frequencies (GGUF's `rope_freqs.weight`), if the file has them
  /// @param context positions to tabulate
  public static RopeTable table(
      Hyperparameters h,
      int dims,
      @Nullable Tensor factors,
      RopeTable.Layout layout,
      Arena arena,
      int context) {
    if (dims <= 0 || dims % 2 != 0) {
      throw h.wrong("rope.dimension_count", "must be even and positive, is " + dims);
    }
    String type = h.text("rope.scaling.type").orElse("none");
    float[] f;
    float magnitude = 1;
    switch (type) {
      case "none", "default" -> f = plain(theta(h), dims);
      case "linear" -> f = divided(plain(theta(h), dims), (float) factor(h));
      case "dynamic" -> f = plain(dynamicBase(h, dims, context), dims);
      case "llama3" -> f = llama3(h, plain(theta(h), dims));
      case "yarn" -> {
        f = yarn(h, dims);
        magnitude = yarnMagnitude(h);
      }
      default ->
          throw h.wrong(
              "rope.scaling.type",
              "\"" + type + "\" is not known; known are linear, dynamic, yarn and llama3");
    }
    if (factors != null && !type.equals("llama3")) {
      for (int i = 0; i < f.length; i++) {
        f[i] /= factors.get(0, i);
      }
    }
    return new RopeTable(arena, context, f, magnitude, layout);
  }

  private static double theta(Hyperparameters h) {
    return h.number("rope.freq_base", 10000);
  }

  private static double factor(Hyperparameters h) {
    double factor = h.requiredNumber("rope.scaling.factor");
    if (!(factor >= 1)) {
      throw h.wrong("rope.scaling.factor", "must be at least 1, is " + factor);
    }
    return factor;
  }

  /// `theta^(-2i/dims)`.
  static float[] plain(double theta, int dims) {
    float[] f = new float[dims / 2];
    for (int i = 0; i < f.length; i++) {
      f[i] = 1f / (float) Math.pow(theta, (double) (2f * i / dims));
    }
    return f;
  }

  private static float[] divided(float[] f, float by) {
    for (int i = 0; i < f.length; i++) {
      f[i] /= by;
    }
    return f;
  }

  private static double dynamicBase(Hyperparameters h, int dims, int context) {
    int trained = originalContext(h);
    double factor = factor(h);
    double length = Math.max(context, trained);
    return theta(h)
        * Math.pow(factor * length / trained - (factor - 1), (double) dims / (dims - 2));
  }

  private static int originalContext(Hyperparameters h) {
    return h.size("rope.scaling.original_context_length", h.size("context_length"));
  }

  private static float[] llama3(Hyperparameters h, float[] f) {
    float factor = (float) factor(h);
    float low = (float) h.requiredNumber("rope.scaling.low_freq_factor");
    float high = (float) h.requiredNumber("rope.scaling.high_freq_factor");
    float original = originalContext(h);
    for (int i = 0; i < f.length; i++) {
      float wavelength = (float) (2 * Math.PI) / f[i];
      if (wavelength > original / low) {
        f[i] /= factor;
      } else if (wavelength >= original / high) {
        float smooth = (original / wavelength - low) / (high - low);
        f[i] = (1 - smooth) * f[i] / factor + smooth * f[i];
      }
    }
    return f;
  }

  /// Returns by what LLaMA 3.1's scaling divides each frequency: GGUF's `rope_freqs.weight`.
  public static float[] llama3Factors(Hyperparameters h) {
    int dims =
        h.size(
            "rope.dimension_count",
            h.size(
                "attention.key_length",
                h.size("embedding_length") / h.size("attention.head_count")));
    float[] plain = plain(theta(h), dims);
    float[] scaled = llama3(h, plain.clone());
    for (int i = 0; i < plain.length; i++) {
      scaled[i] = plain[i] / scaled[i];
    }
    return scaled;
  }

  private static float[] yarn(Hyperparameters h, int dims) {
    float factor = (float) factor(h);
    double theta = theta(h);
    int original = originalContext(h);
    double low = correction(h.number("rope.scaling.beta_fast", 32), dims, theta, original);
    double high = correction(h.number("rope.scaling.beta_slow", 1), dims, theta, original);
    if (h.flag("rope.scaling.truncate", true)) {
      low = Math.floor(low);
      high = Math.ceil(high);
    }
    low = Math.max(low, 0);
    high = Math.min(high, dims - 1);
    if (low == high) {
      high += 0.001; // the ramp must not divide by zero
    }
    float[] f = new float[dims / 2];
    for (int i = 0; i < f.length; i++) {
      float period = (float) Math.pow(theta, (double) (2f * i / dims));
      float ramp = Math.clamp((float) ((i - low) / (high - low)), 0f, 1f);
      float keep = 1 - ramp;
      f[i] = 1f / (factor * period) * (1 - keep) + 1f / period * keep;
    }
    return f;
  }

  /// The pair that turns `rotations` times within the original context.
  private static double correction(double rotations, int dims, double theta, int original) {
    return dims * Math.log(original / (rotations * 2 * Math.PI)) / (2 * Math.log(theta));
  }

  private static float yarnMagnitude(Hyperparameters h) {
    double factor = factor(h);
    if (h.has("rope.scaling.attn_factor")) {
      return (float) h.requiredNumber("rope.scaling.attn_factor");
    }
    double mscale = h.number("rope.scaling.mscale", 0);
    double all = h.number("rope.scaling.mscale_all_dim", 0);
    return (float)
        (mscale != 0 && all != 0
            ? magnitude(factor, mscale) / magnitude(factor, all)
            : magnitude(factor, 1));
  }

  private static double magnitude(double factor, double mscale) {
    return factor <= 1 ? 1 : 0.1 * mscale * Math.log(factor) + 1;
  }
}
