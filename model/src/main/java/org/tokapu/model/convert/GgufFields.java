package org.tokapu.model.convert;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.json.Json;
import org.tokapu.base.json.JsonObject;
import org.tokapu.model.Hyperparameters;
import org.tokapu.model.file.GgufType;
import org.tokapu.model.file.GgufValue;
import org.tokapu.model.file.HfFolder;
import org.tokapu.model.source.GgufSource;
import org.tokapu.model.source.HfSource;
import org.tokapu.model.source.ModelSource;
import org.tokapu.tensor.quant.mix.QuantMix;

/// The metadata of a GGUF file made from any model.
///
/// From a GGUF file they are copied. From a Hugging Face folder come GGUF's own keys, and for what
/// they cannot say the JSON files themselves, each as one string: `tokapu.config`,
/// `tokapu.generation_config`, `tokapu.tokenizer_config`, `tokapu.special_tokens_map`;
/// tokenizer.json travels as `tokenizer.huggingface.json`, which the format provides for.
final class GgufFields {
  /// Side files that travel whole, with their keys.
  static final Map<String, String> SIDE_FILES =
      Map.of(
          "config.json", GgufSource.CONFIG,
          "generation_config.json", "tokapu.generation_config",
          "tokenizer_config.json", "tokapu.tokenizer_config",
          "special_tokens_map.json", "tokapu.special_tokens_map");

  /// Names that llama.cpp does not read as we mean them, or that only `config.json` has.
  private static final Set<String> OURS = Set.of("rope.scaling.type", "attention.key_length");

  private final Map<String, GgufValue> out = new LinkedHashMap<>();
  private final ModelSource source;
  private final String prefix;

  private GgufFields(ModelSource source) {
    this.source = source;
    prefix = source.architecture().name() + ".";
  }

  /// Returns the metadata.
  ///
  /// @param mix how the weights are quantized; null: as they are
  static Map<String, GgufValue> of(
      ModelSource source, @Nullable QuantMix mix, List<Parameter> parameters) {
    GgufFields fields = new GgufFields(source);
    if (source instanceof GgufSource gguf) {
      fields.out.putAll(gguf.file().fields().values());
    } else {
      fields.general();
      fields.hyperparameters();
      fields.out.putAll(TokenizerFields.of(source));
      source
          .chatTemplate()
          .ifPresent(t -> fields.out.put("tokenizer.chat_template", GgufValue.text(t)));
    }
    if (source instanceof HfSource hf) {
      fields.sideFiles(hf.folder());
    }
    fields.fileType(mix, parameters);
    return fields.out;
  }

  private void general() {
    out.put("general.architecture", GgufValue.text(source.architecture().name()));
    out.put("general.name", GgufValue.text(String.valueOf(source.path().getFileName())));
    source.licence().ifPresent(l -> out.put("general.license", GgufValue.text(l)));
  }

  private void hyperparameters() {
    Hyperparameters h = source.hyperparameters();
    h.values()
        .forEach((key, value) -> {
          if (!OURS.contains(key)) {
            put(key, value);
          }
        });
    int heads = h.size("attention.head_count");
    int usual = h.size("embedding_length") / heads;
    int headDim = h.size("attention.key_length", usual);
    if (headDim != usual) {
      put("attention.key_length", (long) headDim);
      put("attention.value_length", (long) headDim);
    }
    if (source.weights().ropeLayout() != null && !h.has("rope.dimension_count")) {
      put("rope.dimension_count", (long) headDim);
    }
    String scaling = h.text("rope.scaling.type").orElse("none");
    if (List.of("linear", "yarn").contains(scaling)) {
      put("rope.scaling.type", scaling); // the kinds that the format knows
    }
    put("vocab_size", (long) source.weights().rows("token_embd.weight"));
  }

  private void put(String key, Object value) {
    GgufValue typed =
        switch (value) {
          case Long n when n >= 0 && n <= 0xffffffffL -> GgufValue.uint32(n);
          case Long n -> new GgufValue(GgufType.INT64, n);
          case Number n -> GgufValue.float32(n.doubleValue());
          case Boolean b -> GgufValue.flag(b);
          default -> GgufValue.text(value.toString());
        };
    out.put(prefix + key, integral(key) && value instanceof Double d ? whole(d) : typed);
  }

  /// JSON writes some sizes as `8192.0`; the format wants integers for them.
  private static boolean integral(String key) {
    return key.endsWith("context_length");
  }

  private static GgufValue whole(double value) {
    return GgufValue.uint32((long) value);
  }

  private void sideFiles(HfFolder folder) {
    SIDE_FILES.forEach((name, key) ->
        folder
            .json(name)
            .ifPresent((JsonObject json) -> out.put(key, GgufValue.text(Json.write(json.map())))));
  }

  private void fileType(@Nullable QuantMix mix, List<Parameter> parameters) {
    QuantMix type =
        mix != null
            ? mix
            : out.containsKey("general.file_type")
                ? null
                : parameters.stream()
                    .filter(p -> !p.vector())
                    .findFirst()
                    .flatMap(p -> QuantMix.byName(p.weight().format().name()))
                    .orElse(null);
    if (type != null) {
      out.put("general.file_type", GgufValue.uint32(type.fileType()));
      out.put("general.quantization_version", GgufValue.uint32(2));
    }
  }
}
