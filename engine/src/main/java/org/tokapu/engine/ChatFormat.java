package org.tokapu.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.TokapuException;
import org.tokapu.base.json.JsonObject;
import org.tokapu.model.file.GgufFile;
import org.tokapu.model.file.GgufMetadata;
import org.tokapu.model.file.HfFolder;
import org.tokapu.model.file.ModelFiles;
import org.tokapu.text.chat.ChatTemplate;
import org.tokapu.text.chat.ChatTemplates;

/// How a model wants conversations: its chat template, and its special tokens by the names that
/// templates use.
///
/// @param template nothing if the model has none
/// @param specialTokens `bos_token` and its like, as the model spells them
public record ChatFormat(Optional<ChatTemplate> template, Map<String, String> specialTokens) {
  private static final Map<String, String> GGUF_KEYS =
      Map.of(
          "bos_token", "bos_token_id",
          "eos_token", "eos_token_id",
          "unk_token", "unknown_token_id",
          "pad_token", "padding_token_id",
          "sep_token", "seperator_token_id",
          "cls_token", "cls_token_id",
          "mask_token", "mask_token_id");

  /// Keeps a copy of the map.
  public ChatFormat {
    specialTokens = Map.copyOf(specialTokens);
  }

  /// Reads the format of a model, whatever its family, or of a template that stands alone.
  ///
  /// @param path a `.jinja` file, a GGUF file, or a folder
  public static ChatFormat open(Path path) {
    if (String.valueOf(path.getFileName()).matches(".*\\.(jinja2?|j2)")) {
      return new ChatFormat(Optional.of(ofSource(path)), Map.of());
    }
    return switch (ModelFiles.kind(path)) {
      case GGUF -> ofGguf(path);
      case SAFETENSORS_FOLDER, TOKENIZER_FOLDER -> ofFolder(HfFolder.open(path));
      case SAFETENSORS, TOKENIZER_JSON ->
          ofFolder(HfFolder.open(path.resolveSibling("").toAbsolutePath()));
      case LLAMA2C, LLAMA2C_TOKENIZER, SENTENCEPIECE, TIKTOKEN ->
          new ChatFormat(Optional.empty(), Map.of());
      case UNKNOWN -> throw ModelFiles.unknown(path);
    };
  }

  /// Returns a template that comes along, or one in a file.
  ///
  /// @throws TokapuException if there is neither
  public static ChatTemplate named(String nameOrFile) {
    return ChatTemplates.names().contains(nameOrFile)
        ? ChatTemplates.byName(nameOrFile)
        : ofSource(Path.of(nameOrFile));
  }

  private static ChatTemplate ofSource(Path file) {
    if (!Files.exists(file)) {
      throw new TokapuException(
          "there is no template file %s; templates that come along are %s"
              .formatted(file, String.join(", ", ChatTemplates.names())));
    }
    try {
      return ChatTemplate.parse(Files.readString(file, StandardCharsets.UTF_8), file.toString());
    } catch (IOException e) {
      throw new TokapuException(
          "cannot read the template " + file + ": " + e + "; a text file in UTF-8 is needed", e);
    }
  }

  private static ChatFormat ofGguf(Path path) {
    try (GgufFile file = GgufFile.open(path)) {
      GgufMetadata fields = file.fields();
      Map<String, String> special = new LinkedHashMap<>();
      List<String> tokens = fields.strings("tokenizer.ggml.tokens").orElse(List.of());
      GGUF_KEYS.forEach((name, key) ->
          fields
              .integer("tokenizer.ggml." + key)
              .filter(id -> id >= 0 && id < tokens.size())
              .ifPresent(id -> special.put(name, tokens.get(id))));
      return new ChatFormat(
          fields
              .text("tokenizer.chat_template")
              .map(source -> ChatTemplate.parse(source, path + " (tokenizer.chat_template)")),
          special);
    }
  }

  private static ChatFormat ofFolder(HfFolder folder) {
    Map<String, String> special = new LinkedHashMap<>();
    folder.specialTokensMap().ifPresent(map -> texts(map, special));
    folder.tokenizerConfig().ifPresent(config -> texts(config, special));
    return new ChatFormat(
        folder
            .chatTemplate()
            .map(source -> ChatTemplate.parse(source, folder.path() + " (chat template)")),
        special);
  }

  /// Special tokens are strings, or objects with `content`.
  private static void texts(JsonObject from, Map<String, String> into) {
    for (Map.Entry<String, @Nullable Object> entry : from.map().entrySet()) {
      Object value = entry.getValue();
      if (value instanceof Map<?, ?> token) {
        value = token.get("content");
      }
      if (entry.getKey().endsWith("_token") && value instanceof String text) {
        into.put(entry.getKey(), text);
      }
    }
  }
}
