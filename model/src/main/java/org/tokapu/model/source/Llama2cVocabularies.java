package org.tokapu.model.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.tokapu.base.FileFailure;
import org.tokapu.base.TokapuException;
import org.tokapu.model.file.ModelFiles;
import org.tokapu.model.file.ModelKind;
import org.tokapu.text.Tokenizer;
import org.tokapu.text.tokenizer.Tokenizers;

/// Finds the vocabulary of a model among the llama2.c files beside it: `tokenizer.bin`,
/// `tok512.bin`.
final class Llama2cVocabularies {
  private Llama2cVocabularies() {}

  /// Opens the first vocabulary in `folder` that has as many tokens as the model.
  static Optional<Tokenizer> in(Path folder, int tokens) {
    return files(folder).stream()
        .map(Tokenizers::open)
        .filter(t -> t.vocabularySize() == tokens)
        .findFirst();
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(f -> f.toString().endsWith(".bin") && Files.isRegularFile(f))
          .filter(f -> ModelFiles.kind(f) == ModelKind.LLAMA2C_TOKENIZER)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new TokapuException("cannot list " + folder + ": " + FileFailure.reason(e), e);
    }
  }
}
