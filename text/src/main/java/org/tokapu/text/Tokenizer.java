package org.tokapu.text;

/// Text to token ids and back. Immutable and thread-safe.
///
/// Unpaired surrogates in a text are read as U+FFFD. No text is ever an error.
public interface Tokenizer {
  /// Returns the number of ids.
  int vocabularySize();

  /// Returns the ids with a meaning of their own.
  SpecialTokens special();

  /// Encodes a text and adds nothing to it; special tokens are recognised where `scope` allows.
  int[] encode(String text, SpecialScope scope);

  /// Encodes a plain text: nothing is added, and spellings of special tokens are plain text.
  default int[] encode(String text) {
    return encode(text, SpecialScope.NONE);
  }

  /// Encodes a text and adds what the tokenizer puts around a prompt (BOS, CLS, EOS, ...).
  int[] encodePrompt(String text, SpecialScope scope);

  /// As [#encodePrompt] if `addSpecial`, else as [#encode(String, SpecialScope)]; with offsets.
  Encoding encodeWithOffsets(String text, SpecialScope scope, boolean addSpecial);

  /// Returns the number of tokens of a plain text.
  default int count(String text) {
    return encode(text).length;
  }

  /// Returns the bytes that a token stands for: maybe half of 한. Control tokens stand for none.
  byte[] bytes(int id);

  /// Returns the token as its vocabulary spells it: `▁the`, `Ġthe`, `##ing`, `<0xED>`.
  String piece(int id);

  /// Returns the text of `ids`; control tokens are left out, broken bytes become U+FFFD.
  String decode(int... ids);

  /// Starts an incremental [#decode].
  TokenDecoder decoder();
}
