package org.tokapu.text.tokenizer;

import java.util.function.Consumer;

/// Cuts a text into words that the model then treats one by one, and maybe changes them. Immutable
/// and thread-safe.
interface PreTokenizer {
  /// Hands the words of `text` to `out`, in order.
  void apply(AlignedText text, Consumer<AlignedText> out);
}
