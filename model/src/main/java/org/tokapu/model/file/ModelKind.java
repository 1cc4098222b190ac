package org.tokapu.model.file;

/// What a path holds, as far as its bytes tell.
public enum ModelKind {
  /// A GGUF file: a model, a vocabulary alone, or an importance matrix.
  GGUF,
  /// One safetensors file.
  SAFETENSORS,
  /// A folder with safetensors files, usually with `config.json` beside them.
  SAFETENSORS_FOLDER,
  /// A llama2.c model.
  LLAMA2C,
  /// A llama2.c vocabulary (`tokenizer.bin`, `tok512.bin`).
  LLAMA2C_TOKENIZER,
  /// A Hugging Face `tokenizer.json`.
  TOKENIZER_JSON,
  /// A SentencePiece model (`tokenizer.model`).
  SENTENCEPIECE,
  /// Ranks in tiktoken's form: base64 and a number on each line.
  TIKTOKEN,
  /// A folder with tokenizer files but no weights.
  TOKENIZER_FOLDER,
  /// None of these.
  UNKNOWN
}
