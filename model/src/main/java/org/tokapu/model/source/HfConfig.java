package org.tokapu.model.source;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.json.JsonObject;
import org.tokapu.model.Architecture;
import org.tokapu.model.Hyperparameters;

/// Translates Hugging Face's config.json to GGUF's names and back.
///
/// Rotary settings exist in an old form (`rope_theta`, `rope_scaling`) and a new one
/// (`rope_parameters`, `layer_types`); both are read.
public final class HfConfig {
  /// Rotary settings of config.json under the names of hyperparameters.
  private static final Map<String, String> ROPE =
      Map.ofEntries(
          Map.entry("factor", "rope.scaling.factor"),
          Map.entry("original_max_position_embeddings", "rope.scaling.original_context_length"),
          Map.entry("low_freq_factor", "rope.scaling.low_freq_factor"),
          Map.entry("high_freq_factor", "rope.scaling.high_freq_factor"),
          Map.entry("attention_factor", "rope.scaling.attn_factor"),
          Map.entry("beta_fast", "rope.scaling.beta_fast"),
          Map.entry("beta_slow", "rope.scaling.beta_slow"),
          Map.entry("mscale", "rope.scaling.mscale"),
          Map.entry("mscale_all_dim", "rope.scaling.mscale_all_dim"),
          Map.entry("truncate", "rope.scaling.truncate"),
          Map.entry("rope_theta", "rope.freq_base"));

  private HfConfig() {}

  /// Reads the hyperparameters of `config`.
  ///
  /// @param source the file, for messages
  public static Hyperparameters parse(JsonObject config, Architecture family, String source) {
    Map<String, Object> out = new TreeMap<>();
    family
        .configKeys()
        .forEach((gguf, key) -> {
          Object value = config.map().get(key);
          if (value != null) {
            out.put(gguf, value);
          }
        });
    rope(config, out);
    window(config, out);
    requireActivation(config, family);
    return new Hyperparameters(source, family.name(), out);
  }

  private static void rope(JsonObject config, Map<String, Object> out) {
    config.number("rope_theta").ifPresent(v -> out.put("rope.freq_base", v));
    config
        .number("partial_rotary_factor")
        .filter(f -> f != 1)
        .ifPresent(f -> out.put("rope.dimension_count", (long) (headDim(config) * f)));
    Optional<JsonObject> scaling = config.object("rope_parameters");
    if (scaling.isPresent() && !scaling.get().has("rope_type")) {
      scaling = scaling.get().object("full_attention"); // settings per type of layer
    }
    if (scaling.isEmpty()) {
      scaling = config.object("rope_scaling");
    }
    if (scaling.isEmpty()) {
      return;
    }
    JsonObject rope = scaling.get();
    ROPE.forEach((key, gguf) -> {
      Object value = rope.map().get(key);
      if (value != null) {
        out.put(gguf, value);
      }
    });
    String type = rope.text("rope_type").or(() -> rope.text("type")).orElse("default");
    out.put("rope.scaling.type", type.equals("default") ? "none" : type);
  }

  private static double headDim(JsonObject config) {
    return config
        .number("head_dim")
        .orElseGet(() ->
            config.number("hidden_size").orElse(0.0)
                / config.number("num_attention_heads").orElse(1.0));
  }

  /// A window counts only if it is switched on; layers of type `full_attention` come before the
  /// others, as Qwen has them.
  private static void window(JsonObject config, Map<String, Object> out) {
    List<@Nullable Object> types = config.list("layer_types");
    boolean off = !config.flag("use_sliding_window").orElse(true);
    if (off || (!types.isEmpty() && types.stream().allMatch("full_attention"::equals))) {
      out.remove("attention.sliding_window");
      return;
    }
    if (types.isEmpty()) {
      return;
    }
    int full = 0;
    while (full < types.size() && "full_attention".equals(types.get(full))) {
      full++;
    }
    if (!types.subList(full, types.size()).stream().allMatch("sliding_attention"::equals)) {
      throw config.wrong(
          "layer_types", "alternates between kinds of attention, which this family does not");
    }
    out.put("attention.full_layers", (long) full);
  }

  private static void requireActivation(JsonObject config, Architecture family) {
    Optional<String> activation = config.text("hidden_act");
    if (activation.isPresent() && !List.of("silu", "swish").contains(activation.get())) {
      throw config.wrong(
          "hidden_act",
          "\"%s\" is not supported by the family %s, which uses silu"
              .formatted(activation.get(), family.name()));
    }
  }

  /// Writes a config.json for hyperparameters that came from a file without one.
  ///
  /// @param tied whether the output matrix is the embedding table
  public static Map<String, @Nullable Object> write(
      Hyperparameters h, Architecture family, int vocabulary, boolean tied) {
    Map<String, @Nullable Object> out = new LinkedHashMap<>();
    String type =
        family.modelTypes().contains(family.name())
            ? family.name()
            : family.modelTypes().stream().min(Comparator.naturalOrder()).orElseThrow();
    out.put("architectures", List.of(family.className(type)));
    out.put("model_type", type);
    new TreeMap<>(family.configKeys())
        .forEach((gguf, key) -> {
          Object value = h.values().get(gguf);
          if (value != null) {
            out.put(key, value);
          }
        });
    out.put("vocab_size", vocabulary);
    out.put("tie_word_embeddings", tied);
    h.number("rope.freq_base").ifPresent(v -> out.put("rope_theta", v));
    String scaling = h.text("rope.scaling.type").orElse("none");
    if (!scaling.equals("none")) {
      Map<String, @Nullable Object> rope = new TreeMap<>();
      rope.put("rope_type", scaling);
      ROPE.forEach((key, gguf) -> {
        if (h.has(gguf) && !key.equals("rope_theta")) {
          rope.put(key, h.values().get(gguf));
        }
      });
      out.put("rope_scaling", rope);
    }
    return out;
  }
}
