package org.tokapu.cli.command;

import java.nio.file.Path;
import java.util.Optional;
import org.tokapu.base.TokapuException;
import org.tokapu.model.file.GgufFile;
import org.tokapu.model.file.ModelFiles;
import org.tokapu.model.source.ModelSource;
import org.tokapu.model.source.ModelSources;
import org.tokapu.text.Tokenizer;
import org.tokapu.text.tokenizer.Tokenizers;

/// Opens the tokenizer of a model, or one that stands alone.
final class TokenizerFiles {
  private TokenizerFiles() {}

  /// Opens the tokenizer at `path`; of a GGUF file only the vocabulary is read, whatever model it
  /// belongs to.
  ///
  /// @throws TokapuException if there is none
  static Tokenizer open(Path path) {
    Optional<Tokenizer> found =
        switch (ModelFiles.kind(path)) {
          case GGUF -> ofGguf(path);
          case SAFETENSORS_FOLDER -> Tokenizers.in(path).or(() -> ofModel(path));
          case SAFETENSORS, LLAMA2C -> ofModel(path);
          case LLAMA2C_TOKENIZER, TOKENIZER_JSON, SENTENCEPIECE, TIKTOKEN, TOKENIZER_FOLDER ->
              Optional.of(Tokenizers.open(path));
          case UNKNOWN -> throw ModelFiles.unknown(path);
        };
    return found.orElseThrow(
        () -> new TokapuException(path + " has no tokenizer; name a file that has one"));
  }

  private static Optional<Tokenizer> ofGguf(Path path) {
    try (GgufFile file = GgufFile.open(path)) {
      return Tokenizers.fromGguf(file.metadata(), path.toString());
    }
  }

  private static Optional<Tokenizer> ofModel(Path path) {
    try (ModelSource source = ModelSources.open(path)) {
      return source.tokenizer();
    }
  }
}
