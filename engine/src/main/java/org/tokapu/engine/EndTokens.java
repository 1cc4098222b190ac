package org.tokapu.engine;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.json.JsonObject;
import org.tokapu.model.source.GgufSource;
import org.tokapu.model.source.HfSource;
import org.tokapu.model.source.ModelSource;

/// The tokens that end an answer: the tokenizer's, and those that the model's files name beside it.
final class EndTokens {
  private EndTokens() {}

  /// Returns their ids.
  static Set<Integer> of(ModelSource source) {
    Set<Integer> out = new HashSet<>();
    source.tokenizer().ifPresent(t -> out.addAll(t.special().endOfGeneration()));
    switch (source) {
      case HfSource hf -> {
        // generation_config.json speaks for generation; config.json only where it is silent.
        Optional<JsonObject> config =
            hf.folder().generationConfig().filter(c -> c.has("eos_token_id"));
        add(config.orElse(hf.config()), out);
      }
      case GgufSource gguf ->
          gguf.file().fields().integer("tokenizer.ggml.eos_token_id").ifPresent(out::add);
      default -> {}
    }
    return out;
  }

  private static void add(JsonObject config, Set<Integer> into) {
    @Nullable Object value = config.map().get("eos_token_id");
    List<?> ids = value instanceof List<?> list ? list : value == null ? List.of() : List.of(value);
    for (Object id : ids) {
      if (!(id instanceof Long number) || number < 0 || number > Integer.MAX_VALUE) {
        throw config.wrong("eos_token_id", "should be an id or a list of ids, is " + value);
      }
      into.add(number.intValue());
    }
  }
}
