package org.tokapu.engine.sampling;

/// The tokens before the position that is sampled: the prompt, then what was generated.
public interface TokenHistory {
  /// Returns the number of tokens, which is also the position of the token to come.
  int length();

  /// Returns the id at `index`, `0 <= index < length()`.
  int token(int index);

  /// Returns how many of them are the prompt.
  int promptLength();

  /// Returns how many of them were generated.
  default int generated() {
    return length() - promptLength();
  }
}
