package org.tokapu.text.tokenizer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.ModelFormatException;
import org.tokapu.base.TokapuException;
import org.tokapu.text.Tokenizer;

/// Opens tokenizers from the files they come in.
public final class Tokenizers {
  private Tokenizers() {}

  /// Reads Hugging Face's `tokenizer.json`.
  ///
  /// @param tokenizerConfigJson the `tokenizer_config.json` beside it, which names special tokens,
  ///   or null
  /// @param source the file's name, for messages
  /// @throws org.tokapu.base.ModelFormatException if it is not what it should be
  public static Tokenizer fromTokenizerJson(
      byte[] tokenizerJson, byte @Nullable [] tokenizerConfigJson, String source) {
    return TokenizerJson.read(tokenizerJson, tokenizerConfigJson, source);
  }

  /// Reads tiktoken ranks. The pattern and the special tokens of `r50k_base`, `p50k_base`,
  /// `cl100k_base` and `o200k_base` are known by file name or by the number of ranks.
  ///
  /// @param source the file's name
  /// @throws org.tokapu.base.ModelFormatException if it is not what it should be
  public static Tokenizer fromTiktoken(byte[] ranks, String source) {
    return Tiktoken.read(ranks, source);
  }

  /// Reads the tokenizer of a GGUF file's metadata; empty if the file has none.
  ///
  /// @param metadata values by key; arrays are lists or Java arrays
  /// @param source the file's name, for messages
  /// @throws org.tokapu.base.ModelFormatException if it is of a kind that is not read, or broken
  public static Optional<Tokenizer> fromGguf(Map<String, Object> metadata, String source) {
    Object kind = metadata.get("tokenizer.ggml.model");
    if (kind == null || kind.equals("none") || kind.equals("no_vocab")) {
      return Optional.empty();
    }
    if (SentencePieceGguf.reads(metadata)) {
      return Optional.of(SentencePieceGguf.tokenizer(metadata, source));
    }
    throw new ModelFormatException(
        source, "tokenizer.ggml.model", "is " + kind + "; only llama and t5 are read");
  }

  /// Opens a tokenizer file, or the tokenizer of a model folder.
  ///
  /// @param path a folder, or a `tokenizer.json`, `*.model`, `*.tiktoken` or llama2.c `tok*.bin`
  /// @throws TokapuException if there is no such file, or it cannot be read
  public static Tokenizer open(Path path) {
    if (!Files.isDirectory(path)) {
      return file(path);
    }
    for (String name : new String[] {"tokenizer.json", "tokenizer.model", "tokenizer.bin"}) {
      if (Files.exists(path.resolve(name))) {
        return file(path.resolve(name));
      }
    }
    throw new TokapuException(
        path + " holds no tokenizer.json, tokenizer.model or tokenizer.bin; name the file itself");
  }

  private static Tokenizer file(Path path) {
    String name = path.toString();
    if (name.endsWith(".bin")) {
      return Llama2cTokenizer.open(path);
    }
    if (name.endsWith(".model")) {
      return SentencePieceTokenizer.of(SentencePieceModel.parse(read(path), name));
    }
    byte[] bytes = read(path);
    if (name.endsWith(".tiktoken")) {
      return fromTiktoken(bytes, name);
    }
    Path config = path.resolveSibling("tokenizer_config.json");
    return fromTokenizerJson(bytes, Files.exists(config) ? read(config) : null, name);
  }

  private static byte[] read(Path path) {
    try {
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw new TokapuException("cannot read " + path + ": " + e.getMessage(), e);
    }
  }
}
