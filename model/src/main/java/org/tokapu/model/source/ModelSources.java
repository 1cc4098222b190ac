package org.tokapu.model.source;

import java.nio.file.Path;
import org.tokapu.base.ModelFormatException;
import org.tokapu.model.file.ModelFiles;

/// Opens models of every kind.
public final class ModelSources {
  private ModelSources() {}

  /// Opens a GGUF file, a folder with safetensors, one safetensors file or a llama2.c file, told
  /// apart by their bytes.
  ///
  /// @throws ModelFormatException if it is none of these, or broken
  public static ModelSource open(Path path) {
    return switch (ModelFiles.kind(path)) {
      case GGUF -> GgufSource.open(path);
      case SAFETENSORS, SAFETENSORS_FOLDER -> HfSource.open(path);
      case LLAMA2C -> Llama2cSource.open(path);
      case LLAMA2C_TOKENIZER, TOKENIZER_JSON, SENTENCEPIECE, TIKTOKEN, TOKENIZER_FOLDER ->
          throw new ModelFormatException(
              path.toString(),
              "file",
              "holds a tokenizer and no weights; name a GGUF file, a folder with safetensors or a"
                  + " llama2.c file");
      case UNKNOWN -> throw ModelFiles.unknown(path);
    };
  }
}
