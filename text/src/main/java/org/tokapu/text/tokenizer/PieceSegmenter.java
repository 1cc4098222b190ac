package org.tokapu.text.tokenizer;

/// Cuts normalised texts into pieces. Immutable but for caches; thread-safe.
sealed interface PieceSegmenter permits SentencePieceBpe, SentencePieceUnigram {
  /// Returns what cuts one text after the other with buffers of its own.
  Run run();

  /// Cuts texts; not thread-safe.
  interface Run {
    /// Appends the pieces of `text` to `out`.
    void segment(NormalizedText text, PieceBuffer out);
  }
}
