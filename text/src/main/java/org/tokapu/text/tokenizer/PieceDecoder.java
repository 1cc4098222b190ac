package org.tokapu.text.tokenizer;

/// Turns pieces of a vocabulary back into the bytes that they stand for. Immutable and thread-safe.
///
/// Whatever `tokenizer.json` lists as a decoder comes down to this: the bytes of a piece depend on
/// the piece and on whether it is the first; some kinds drop spaces at the ends of the whole text.
interface PieceDecoder {
  /// Byte-level spelling.
  PieceDecoder BYTE_LEVEL = (piece, _) -> ByteAlphabet.bytesOrUtf8(piece);

  /// Returns the bytes of `piece`.
  ///
  /// @param first whether no token has come before it
  byte[] bytes(String piece, boolean first);

  /// Returns the char that is dropped at the start of the text, `dropsAtStart` times at most.
  default char dropped() {
    return ' ';
  }

  /// Returns how many chars are dropped at the start of the text.
  default int dropsAtStart() {
    return 0;
  }

  /// Returns how many chars are dropped at the end of the text.
  default int dropsAtEnd() {
    return 0;
  }
}
