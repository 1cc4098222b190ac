package org.tokapu.text.tokenizer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tokapu.base.ModelFormatException;
import org.tokapu.text.Tokenizer;

/// Opens tokenizers from the files they come in.
public final class Tokenizers {
  private Tokenizers() {}

  /// Reads the vocabulary in a GGUF file's metadata, or nothing if it has none.
  ///
  /// @param metadata values by key; arrays are lists or Java arrays
  /// @param source the file, for messages
  public static Optional<Tokenizer> fromGguf(Map<String, ?> metadata, String source) {
    Object kind = metadata.get("tokenizer.ggml.model");
    if (kind == null || kind.equals("none") || kind.equals("no_vocab")) {
      return Optional.empty();
    }
    if (!SentencePieceGguf.reads(metadata)) {
      throw new ModelFormatException(
          source,
          "tokenizer.ggml.model",
          "is \"" + kind + "\", which is not supported yet; supported are llama and t5");
    }
    return Optional.of(SentencePieceGguf.tokenizer(metadata, source));
  }

  /// Opens a bare tokenizer file, or the one in a folder.
  public static Tokenizer open(Path path) {
    if (Files.isDirectory(path)) {
      for (String name : List.of("tokenizer.model", "spiece.model")) {
        if (Files.exists(path.resolve(name))) {
          return open(path.resolve(name));
        }
      }
      throw new ModelFormatException(
          path.toString(), "tokenizer", "no tokenizer.model or spiece.model is in the folder");
    }
    return path.toString().endsWith(".bin")
        ? Llama2cTokenizer.open(path)
        : SentencePieceTokenizer.of(SentencePieceModel.open(path));
  }
}
