package org.tokapu.model.convert;

import java.util.Optional;
import org.tokapu.model.Rope;
import org.tokapu.model.source.ModelSource;

/// The divisors of rotary frequencies (`rope_freqs.weight`) by which llama.cpp knows LLaMA 3.1's
/// scaling.
final class RopeFactors {
  private RopeFactors() {}

  /// Returns the divisors, or nothing if the model scales otherwise or the file has them already.
  static Optional<float[]> of(ModelSource source) {
    boolean llama3 =
        source.hyperparameters().text("rope.scaling.type").orElse("none").equals("llama3");
    if (!llama3 || source.weights().names().contains("rope_freqs.weight")) {
      return Optional.empty();
    }
    return Optional.of(Rope.llama3Factors(source.hyperparameters()));
  }
}
