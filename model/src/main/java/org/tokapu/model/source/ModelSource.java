package org.tokapu.model.source;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Optional;
import org.tokapu.model.Architecture;
import org.tokapu.model.Hyperparameters;
import org.tokapu.model.Transformer;
import org.tokapu.model.WeightSource;
import org.tokapu.text.Tokenizer;

/// An open model, whatever kind of file it came in.
///
/// Owns the mapping: close it after everything that was loaded from it. Thread-safe for reading.
public interface ModelSource extends AutoCloseable {
  /// Returns what every kind of file gives.
  ModelParts parts();

  /// Returns the path it was opened from.
  default Path path() {
    return parts().path();
  }

  /// Returns what kind of file it is, for people.
  default String kind() {
    return parts().kind();
  }

  /// Returns the family.
  default Architecture architecture() {
    return parts().architecture();
  }

  /// Returns the sizes and constants.
  default Hyperparameters hyperparameters() {
    return parts().hyperparameters();
  }

  /// Returns the parameters.
  default WeightSource weights() {
    return parts().weights();
  }

  /// Returns the tokenizer, or nothing if the model has none. Parsed at the first call.
  Optional<Tokenizer> tokenizer();

  /// Returns the Jinja source of the chat template, or nothing if the model has none.
  Optional<String> chatTemplate();

  /// Returns the licence as the file or its model card names it, or nothing.
  Optional<String> licence();

  /// Builds the model over these weights.
  ///
  /// @param arena owns what is computed; must not outlive this source
  /// @param context the longest sequence that will be run
  default Transformer load(Arena arena, int context) {
    return architecture().load(hyperparameters(), weights(), arena, context);
  }

  @Override
  void close();
}
