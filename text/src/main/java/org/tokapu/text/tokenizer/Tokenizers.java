package org.tokapu.text.tokenizer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.FileFailure;
import org.tokapu.base.ModelFormatException;
import org.tokapu.base.TokapuException;
import org.tokapu.text.Tokenizer;

/// Opens tokenizers from the files they come in.
public final class Tokenizers {
  /// In a folder the first of these counts. `vocab.json` comes with `merges.txt`.
  private static final List<String> NAMES =
      List.of(
          "tokenizer.json",
          "tokenizer.model",
          "spiece.model",
          "vocab.json",
          "vocab.txt",
          "tokenizer.bin");

  private static final String CONFIG = "tokenizer_config.json";

  private Tokenizers() {}

  /// Reads Hugging Face's `tokenizer.json`.
  ///
  /// @param tokenizerConfigJson the `tokenizer_config.json` beside it, which names special tokens,
  ///   or null
  /// @param source the file's name, for messages
  /// @throws ModelFormatException if it is not what it should be
  public static Tokenizer fromTokenizerJson(
      byte[] tokenizerJson, byte @Nullable [] tokenizerConfigJson, String source) {
    return TokenizerJson.read(tokenizerJson, tokenizerConfigJson, source);
  }

  /// Reads tiktoken ranks. The pattern and the special tokens of `r50k_base`, `p50k_base`,
  /// `cl100k_base` and `o200k_base` are known by file name or by the number of ranks.
  ///
  /// @param source the file's name
  /// @throws ModelFormatException if it is not what it should be
  public static Tokenizer fromTiktoken(byte[] ranks, String source) {
    return Tiktoken.read(ranks, source);
  }

  /// Reads the vocabulary in a GGUF file's metadata, or nothing if it has none.
  ///
  /// @param metadata values by key; arrays are lists or Java arrays
  /// @param source the file, for messages
  /// @throws ModelFormatException if it is of a kind that is not read, or broken
  public static Optional<Tokenizer> fromGguf(Map<String, ?> metadata, String source) {
    Object kind = metadata.get("tokenizer.ggml.model");
    if (kind == null || kind.equals("none") || kind.equals("no_vocab")) {
      return Optional.empty();
    }
    if (SentencePieceGguf.reads(metadata)) {
      return Optional.of(SentencePieceGguf.tokenizer(metadata, source));
    }
    return switch (kind.toString()) {
      case "gpt2" -> Optional.of(GgufTokenizers.gpt2(metadata, source));
      case "bert" -> Optional.of(GgufTokenizers.bert(metadata, source));
      default ->
          throw new ModelFormatException(
              source,
              "tokenizer.ggml.model",
              "is \"" + kind + "\", which is not supported; supported are llama, gpt2, bert, t5");
    };
  }

  /// Opens a bare tokenizer file, or the one in a folder.
  ///
  /// @param path a folder, or a `tokenizer.json`, `*.model` (SentencePiece), `*.tiktoken`,
  ///   `vocab.json`, `vocab.txt` or llama2.c `tok*.bin`
  /// @throws TokapuException if there is no such file, or it cannot be read
  public static Tokenizer open(Path path) {
    if (!Files.isDirectory(path)) {
      return file(path);
    }
    return in(path)
        .orElseThrow(() ->
            new ModelFormatException(
                path.toString(),
                "tokenizer",
                "none of " + String.join(", ", NAMES) + " is in the folder"));
  }

  /// Opens the tokenizer in a folder, or nothing if there is none.
  ///
  /// @throws TokapuException if it cannot be read
  public static Optional<Tokenizer> in(Path folder) {
    return NAMES.stream()
        .map(folder::resolve)
        .filter(Files::exists)
        .findFirst()
        .map(Tokenizers::file);
  }

  private static Tokenizer file(Path path) {
    String name = path.toString();
    if (name.endsWith(".bin")) {
      return Llama2cTokenizer.open(path);
    }
    if (name.endsWith(".model")) {
      return SentencePieceTokenizer.of(SentencePieceModel.open(path));
    }
    byte[] bytes = read(path);
    if (name.endsWith(".tiktoken")) {
      return fromTiktoken(bytes, name);
    }
    Path beside = path.resolveSibling(CONFIG);
    byte[] config = Files.exists(beside) ? read(beside) : null;
    if (name.endsWith("vocab.txt")) {
      return VocabularyFiles.wordPiece(bytes, config, name);
    }
    if (name.endsWith("vocab.json")) {
      return VocabularyFiles.byteLevel(
          bytes, read(path.resolveSibling("merges.txt")), config, name);
    }
    return fromTokenizerJson(bytes, config, name);
  }

  private static byte[] read(Path path) {
    try {
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw new TokapuException("cannot read " + path + ": " + FileFailure.reason(e), e);
    }
  }
}
