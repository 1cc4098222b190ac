package org.tokapu.text.tokenizer;

/// What turns one word into tokens: the heart of a tokenizer. Immutable and thread-safe.
interface SubwordModel {
  /// Starts the work on one text.
  Encoder encoder();

  /// Turns words into tokens, with buffers of its own; not thread-safe.
  @FunctionalInterface
  interface Encoder {
    /// Adds the tokens of the word `text[from .. to)`, which is not empty, to `out`.
    void encode(char[] text, int from, int to, TokenSink out);
  }
}
