package org.tokapu.text.tokenizer;

import org.tokapu.text.TokenDecoder;

/// Decodes tokens one at a time: bytes of pieces into characters, with the spaces dropped that a
/// decoder drops at the start and the end. Not thread-safe.
final class PieceStream implements TokenDecoder {
  private final Vocabulary vocabulary;
  private final PieceDecoder decoder;
  private final byte[][] bytes;
  private final Utf8Decoder characters;
  private boolean first = true;
  private int toDrop;

  /// Chars held back, because they go if nothing follows.
  private int held;

  /// @param bytes by id: the bytes of pieces that are not the first
  PieceStream(Vocabulary vocabulary, PieceDecoder decoder, byte[][] bytes) {
    this.vocabulary = vocabulary;
    this.decoder = decoder;
    this.bytes = bytes;
    this.characters = new Utf8Decoder(this::bytesOf);
    this.toDrop = decoder.dropsAtStart();
  }

  private byte[] bytesOf(int id) {
    if (id < 0 || id >= bytes.length || vocabulary.isSpecial(id)) {
      return new byte[0];
    }
    if (first) {
      first = false;
      return decoder.bytes(vocabulary.piece(id), true);
    }
    return bytes[id];
  }

  @Override
  public String next(int id) {
    return trimmed(characters.next(id));
  }

  @Override
  public String finish() {
    String rest = trimmed(characters.finish());
    held = 0;
    return rest;
  }

  private String trimmed(String text) {
    String out = text;
    while (toDrop > 0 && !out.isEmpty()) {
      if (out.charAt(0) == decoder.dropped()) {
        out = out.substring(1);
        toDrop--;
      } else {
        toDrop = 0;
      }
    }
    if (decoder.dropsAtEnd() == 0 || out.isEmpty()) {
      return out;
    }
    String whole = String.valueOf(decoder.dropped()).repeat(held) + out;
    int keep = whole.length();
    while (keep > 0
        && whole.length() - keep < decoder.dropsAtEnd()
        && whole.charAt(keep - 1) == decoder.dropped()) {
      keep--;
    }
    held = whole.length() - keep;
    return whole.substring(0, keep);
  }
}
