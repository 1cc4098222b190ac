package org.tokapu.model.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.tokapu.base.FileFailure;
import org.tokapu.base.ModelFormatException;
import org.tokapu.base.TokapuException;
import org.tokapu.base.json.JsonObject;

/// The side files of a Hugging Face model folder, each read when it is asked for and absent as an
/// empty `Optional`.
///
/// | file | what |
/// |---|---|
/// | `config.json` | the architecture and its sizes |
/// | `generation_config.json` | defaults of sampling, end tokens |
/// | `tokenizer.json`, `tokenizer.model` | the vocabulary: all of it as JSON, or a SentencePiece model |
/// | `tokenizer_config.json`, `special_tokens_map.json`, `added_tokens.json` | special tokens, often the chat template |
/// | `chat_template.jinja`, `additional_chat_templates/NAME.jinja` | chat templates in their newer place |
///
/// @param path the folder
public record HfFolder(Path path) {
  private static final List<String> SIDE_FILES =
      List.of(
          "config.json",
          "generation_config.json",
          "tokenizer.json",
          "tokenizer.model",
          "spiece.model",
          "tokenizer_config.json",
          "special_tokens_map.json",
          "added_tokens.json",
          "vocab.json",
          "merges.txt",
          "vocab.txt",
          "chat_template.jinja");

  private static final String DEFAULT = "default";

  /// Looks into a folder.
  ///
  /// @throws TokapuException if it is no folder
  public static HfFolder open(Path path) {
    if (!Files.isDirectory(path)) {
      throw new TokapuException(path + " is not a folder; a folder with config.json is needed");
    }
    return new HfFolder(path);
  }

  /// Returns the path of a file in the folder, if it is there.
  public Optional<Path> file(String name) {
    Path file = path.resolve(name);
    return Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
  }

  /// Reads a JSON object, if the file is there.
  ///
  /// @throws ModelFormatException if it is not a JSON object
  public Optional<JsonObject> json(String name) {
    return file(name).map(JsonFile::read);
  }

  /// Copies the side files, everything but weights, to another folder.
  ///
  /// @throws TokapuException if one cannot be copied
  public void copyTo(Path folder) {
    for (String name : SIDE_FILES) {
      file(name).ifPresent(from -> copy(from, folder.resolve(name)));
    }
  }

  private static void copy(Path from, Path to) {
    try {
      Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new TokapuException(to + ": cannot be written: " + FileFailure.reason(e), e);
    }
  }

  /// Reads `config.json`.
  public Optional<JsonObject> config() {
    return json("config.json");
  }

  /// Reads `generation_config.json`.
  public Optional<JsonObject> generationConfig() {
    return json("generation_config.json");
  }

  /// Returns the path of `tokenizer.json`.
  public Optional<Path> tokenizerJson() {
    return file("tokenizer.json");
  }

  /// Returns the path of `tokenizer.model` (or `spiece.model`, as T5 calls it).
  public Optional<Path> tokenizerModel() {
    return file("tokenizer.model").or(() -> file("spiece.model"));
  }

  /// Reads `tokenizer_config.json`.
  public Optional<JsonObject> tokenizerConfig() {
    return json("tokenizer_config.json");
  }

  /// Reads `special_tokens_map.json`.
  public Optional<JsonObject> specialTokensMap() {
    return json("special_tokens_map.json");
  }

  /// Reads `added_tokens.json`.
  public Optional<JsonObject> addedTokens() {
    return json("added_tokens.json");
  }

  /// Returns the chat template to use when none is named.
  public Optional<String> chatTemplate() {
    return Optional.ofNullable(chatTemplates().get(DEFAULT));
  }

  /// Reads all chat templates by name, the usual one as `default`; the files of their own win over
  /// `tokenizer_config.json`.
  ///
  /// @throws ModelFormatException if `chat_template` is neither a string nor a list of objects with
  ///   `name` and `template`
  public Map<String, String> chatTemplates() {
    Map<String, String> out = new LinkedHashMap<>();
    tokenizerConfig().ifPresent(config -> inTokenizerConfig(config, out));
    file("chat_template.jinja").ifPresent(f -> out.put(DEFAULT, JsonFile.text(f)));
    Path more = path.resolve("additional_chat_templates");
    if (Files.isDirectory(more)) {
      try (Stream<Path> files = Files.list(more)) {
        for (Path file : files.filter(f -> f.toString().endsWith(".jinja")).sorted().toList()) {
          String name = String.valueOf(file.getFileName());
          out.put(name.substring(0, name.length() - ".jinja".length()), JsonFile.text(file));
        }
      } catch (IOException e) {
        throw new TokapuException("cannot list " + more + ": " + e.getMessage(), e);
      }
    }
    return out;
  }

  private static void inTokenizerConfig(JsonObject config, Map<String, String> out) {
    String key = "chat_template";
    if (!(config.map().get(key) instanceof List<?>)) {
      config.text(key).ifPresent(template -> out.put(DEFAULT, template));
      return;
    }
    for (JsonObject named : config.objects(key)) {
      String name = named.text("name").orElseThrow(() -> named.wrong("name", "is absent"));
      String template =
          named.text("template").orElseThrow(() -> named.wrong("template", "is absent"));
      out.put(name, template);
    }
  }
}
