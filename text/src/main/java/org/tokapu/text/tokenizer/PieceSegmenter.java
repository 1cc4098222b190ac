package org.tokapu.text.tokenizer;

/// Cuts a normalised text into pieces. Immutable but for caches; thread-safe.
sealed interface PieceSegmenter permits SentencePieceBpe, SentencePieceUnigram {
  /// Appends the pieces of `text` to `out`.
  void segment(NormalizedText text, PieceBuffer out);
}
