package org.tokapu.text.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.ModelFormatException;
import org.tokapu.base.json.Json;
import org.tokapu.base.json.JsonObject;
import org.tokapu.text.Tokenizer;

/// Reads the files that came before `tokenizer.json`: GPT-2's `vocab.json` with `merges.txt`, and
/// BERT's `vocab.txt` (a piece a line, its number is its id).
///
/// Each is turned into the `tokenizer.json` that Hugging Face's converter makes of it.
final class VocabularyFiles {
  private static final String CONFIG = "tokenizer_config.json";

  private VocabularyFiles() {}

  /// Reads GPT-2's form.
  static Tokenizer byteLevel(byte[] vocab, byte[] merges, byte @Nullable [] config, String source) {
    JsonObject ids = Json.parseObject(vocab, source);
    Map<String, @Nullable Object> whole = new LinkedHashMap<>();
    Map<String, Object> byteLevel = Map.of("type", "ByteLevel", "add_prefix_space", false);
    whole.put("added_tokens", added(ids, List.of("<|endoftext|>"), config));
    whole.put("pre_tokenizer", byteLevel);
    whole.put("decoder", byteLevel);
    whole.put("model", Map.of("type", "BPE", "vocab", ids.map(), "merges", Merges.lines(merges)));
    return TokenizerJson.read(JsonObject.of(whole, source, ""), config, source);
  }

  /// Reads BERT's form; lower case unless the configuration has `do_lower_case: false`.
  static Tokenizer wordPiece(byte[] vocab, byte @Nullable [] config, String source) {
    Map<String, @Nullable Object> ids = new LinkedHashMap<>();
    long id = 0;
    for (String line : new String(vocab, StandardCharsets.UTF_8).split("\n", -1)) {
      String piece = line.strip();
      if (!piece.isEmpty() && ids.put(piece, id) != null) {
        throw new ModelFormatException(source, "line " + (id + 1), "repeats \"" + piece + "\"");
      }
      id++;
    }
    Optional<JsonObject> settings =
        Optional.ofNullable(config).map(bytes -> Json.parseObject(bytes, CONFIG));
    boolean lower = settings.flatMap(c -> c.flag("do_lower_case")).orElse(true);
    JsonObject vocabulary = JsonObject.of(ids, source, "");
    Map<String, @Nullable Object> whole = new LinkedHashMap<>();
    whole.put(
        "added_tokens",
        added(vocabulary, List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"), config));
    whole.put("normalizer", Map.of("type", "BertNormalizer", "lowercase", lower));
    whole.put("pre_tokenizer", Map.of("type", "BertPreTokenizer"));
    whole.put("decoder", Map.of("type", "WordPiece"));
    if (ids.get("[CLS]") instanceof Long cls && ids.get("[SEP]") instanceof Long sep) {
      whole.put(
          "post_processor",
          Map.of(
              "type",
              "BertProcessing",
              "cls",
              List.of("[CLS]", cls),
              "sep",
              List.of("[SEP]", sep)));
    }
    whole.put("model", Map.of("type", "WordPiece", "vocab", ids));
    return TokenizerJson.read(JsonObject.of(whole, source, ""), config, source);
  }

  /// The added tokens that `tokenizer_config.json` lists, or else the usual ones and those that it
  /// names, in the form of `tokenizer.json`.
  private static List<Object> added(
      JsonObject ids, List<String> usual, byte @Nullable [] tokenizerConfig) {
    List<Object> out = new ArrayList<>();
    Set<String> names = new LinkedHashSet<>(usual);
    if (tokenizerConfig != null) {
      JsonObject json = Json.parseObject(tokenizerConfig, CONFIG);
      Optional<JsonObject> listed = json.object("added_tokens_decoder");
      if (listed.isEmpty()) {
        names.addAll(TokenizerConfig.parse(tokenizerConfig, CONFIG).roles().values());
      } else {
        for (String id : listed.get().map().keySet()) {
          out.add(listed(json, listed.get(), id, names));
        }
      }
    }
    for (String name : names) {
      ids.integer(name)
          .ifPresent(id -> out.add(Map.of("id", (long) id, "content", name, "special", true)));
    }
    return out;
  }

  private static Object listed(JsonObject json, JsonObject list, String id, Set<String> names) {
    if (!id.matches("[0-9]{1,8}")) {
      throw json.wrong("added_tokens_decoder", "should have ids as keys, has \"" + id + "\"");
    }
    JsonObject token =
        list.object(id).orElseThrow(() -> json.wrong("added_tokens_decoder", id + " is null"));
    Map<String, @Nullable Object> out = new LinkedHashMap<>(token.map());
    out.put("id", Long.valueOf(id));
    names.remove(token.text("content").orElse(""));
    return out;
  }
}
