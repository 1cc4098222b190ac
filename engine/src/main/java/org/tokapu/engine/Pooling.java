package org.tokapu.engine;

import java.util.Optional;
import org.tokapu.base.TokapuException;
import org.tokapu.base.json.JsonObject;
import org.tokapu.model.source.GgufSource;
import org.tokapu.model.source.HfSource;
import org.tokapu.model.source.ModelSource;

/// How the hidden states of a text become one vector.
///
/// A GGUF file says so in `ARCHITECTURE.pooling_type` (1: mean, 2: first, 3: last), a folder of
/// sentence-transformers in `1_Pooling/config.json`. Where nothing is said, a model with a chat
/// template takes the last state, since no other has seen the whole text, and any other the mean.
public enum Pooling {
  /// The mean of all positions.
  MEAN,
  /// The first position (`CLS`).
  FIRST,
  /// The last position.
  LAST;

  /// Returns whether the state at `position` counts, where `last` is the last one.
  boolean counts(int position, int last) {
    return switch (this) {
      case MEAN -> true;
      case FIRST -> position == 0;
      case LAST -> position == last;
    };
  }

  /// Returns what a model asks for.
  ///
  /// @throws TokapuException if it asks for something that is none of these
  static Pooling of(ModelSource source) {
    Optional<Pooling> said =
        switch (source) {
          case GgufSource gguf -> ofGguf(gguf);
          case HfSource hf -> hf.folder().json("1_Pooling/config.json").flatMap(Pooling::ofConfig);
          default -> Optional.empty();
        };
    return said.orElse(source.chatTemplate().isPresent() ? LAST : MEAN);
  }

  private static Optional<Pooling> ofGguf(GgufSource source) {
    String name = source.file().fields().text("general.architecture").orElse("");
    return source
        .file()
        .fields()
        .integer(name + ".pooling_type")
        .filter(type -> type != 0)
        .map(type ->
            switch (type) {
              case 1 -> MEAN;
              case 2 -> FIRST;
              case 3 -> LAST;
              default ->
                  throw new TokapuException(
                      "%s: %s.pooling_type is %d; supported are 1 (mean), 2 (first) and 3 (last)"
                          .formatted(source.path(), name, type));
            });
  }

  private static Optional<Pooling> ofConfig(JsonObject config) {
    if (config.flag("pooling_mode_mean_tokens").orElse(false)) {
      return Optional.of(MEAN);
    }
    if (config.flag("pooling_mode_lasttoken").orElse(false)) {
      return Optional.of(LAST);
    }
    return config.flag("pooling_mode_cls_token").orElse(false)
        ? Optional.of(FIRST)
        : Optional.empty();
  }
}
