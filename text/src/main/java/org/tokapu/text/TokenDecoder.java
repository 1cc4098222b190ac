package org.tokapu.text;

/// Turns a stream of tokens into text without ever showing half a character.
///
/// A token may be a part of a syllable; what is not yet complete is held back. Not thread-safe; one
/// per stream. The concatenation of everything returned equals [Tokenizer#decode] of all ids.
public interface TokenDecoder {
  /// Takes the next token and returns the text that has become certain, possibly none.
  String next(int id);

  /// Ends the stream and returns what was held back; broken bytes become U+FFFD.
  String finish();
}
