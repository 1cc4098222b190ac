package org.tokapu.text.tokenizer;

import org.jspecify.annotations.Nullable;
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
}
