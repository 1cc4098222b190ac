package org.tokapu.engine;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tokapu.base.json.JsonObject;
import org.tokapu.model.source.HfSource;
import org.tokapu.model.source.ModelSource;

/// Finds the tokens that end an answer: the tokenizer knows some, and Hugging Face folders name
/// more in `eos_token_id` of generation_config.json (or config.json), a number or a list.
final class EndTokens {
  private EndTokens() {}

  static Set<Integer> of(ModelSource source) {
    Set<Integer> ids = new HashSet<>();
    source.tokenizer().ifPresent(t -> ids.addAll(t.special().endOfGeneration()));
    if (source instanceof HfSource hf) {
      Set<Integer> named = named(hf.folder().generationConfig());
      ids.addAll(named.isEmpty() ? named(Optional.of(hf.config())) : named);
    }
    return ids;
  }

  private static Set<Integer> named(Optional<JsonObject> config) {
    String key = "eos_token_id";
    Set<Integer> ids = new HashSet<>();
    if (config.isPresent()) {
      Object value = config.get().map().get(key);
      List<?> values = value instanceof List<?> list ? list : value == null ? List.of() : List.of(value);
      for (Object id : values) {
        if (!(id instanceof Long n) || n < 0 || n > Integer.MAX_VALUE) {
          throw config.get().wrong(key, "should be a token id or a list of them, is " + value);
        }
        ids.add(n.intValue());
      }
    }
    return ids;
  }
}
