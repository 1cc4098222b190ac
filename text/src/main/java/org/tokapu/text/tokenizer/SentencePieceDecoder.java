package org.tokapu.text.tokenizer;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tokapu.text.TokenDecoder;

/// Turns ids into text as SentencePiece does: spaces unescaped, the dummy prefix taken away,
/// control pieces left out, bytes joined, each broken byte one U+FFFD. Not thread-safe.
final class SentencePieceDecoder implements TokenDecoder {
  private static final char BROKEN = '\ufffd';

  private final List<SentencePiece> pieces;
  private final String unknownSurface;
  private final @Nullable SentencePieceNormalizer denormalizer;
  private final boolean dropsPrefix;

  /// Whether spaces at the start are all dropped, not just one.
  private final boolean trims;

  private final StringBuilder out = new StringBuilder();
  private boolean started;
  private boolean atStart = true;
  private boolean droppedSpace;

  /// A character whose last bytes have not come yet.
  private final byte[] begun = new byte[4];

  private int bytes;

  SentencePieceDecoder(SentencePieceModel model, @Nullable SentencePieceNormalizer denormalizer) {
    this.pieces = model.pieces();
    this.unknownSurface = model.unknownSurface();
    this.denormalizer = denormalizer;
    this.trims = model.normalizer().removeExtraWhitespaces();
    this.dropsPrefix = trims || model.normalizer().addDummyPrefix();
  }

  String decode(int[] ids) {
    for (int id : ids) {
      take(id);
    }
    return finish();
  }

  @Override
  public String next(int id) {
    take(id);
    // A denormaliser sees the whole text at once, or its rules could not match across tokens.
    return denormalizer == null ? taken() : "";
  }

  @Override
  public String finish() {
    breakBytes();
    String rest = taken();
    return denormalizer == null ? rest : denormalizer.normalize(rest);
  }

  private String taken() {
    if (out.isEmpty()) {
      return "";
    }
    String text = out.toString();
    out.setLength(0);
    return text;
  }

  private void take(int id) {
    if (id < 0 || id >= pieces.size()) {
      return;
    }
    SentencePiece piece = pieces.get(id);
    if (piece.kind() == SentencePiece.Kind.BYTE) {
      takeByte((byte) SentencePiece.byteOf(piece.text()));
      return;
    }
    breakBytes();
    atStart &= !droppedSpace && !started;
    droppedSpace = false;
    switch (piece.kind()) {
      case CONTROL -> {}
      case UNKNOWN -> append(unknownSurface);
      default -> takeText(piece.text());
    }
  }

  private void takeText(String text) {
    int from = 0;
    if (atStart && dropsPrefix && text.startsWith("\u2581")) {
      from = 1;
      droppedSpace = !trims;
    }
    append(text.substring(from).replace('\u2581', ' '));
  }

  private void append(String text) {
    out.append(text);
    started |= !text.isEmpty();
  }

  private void takeByte(byte value) {
    begun[bytes++] = value;
    while (bytes > 0) {
      int length = Utf8Chars.length(begun, 0, bytes);
      if (length == Utf8Chars.INCOMPLETE) {
        return;
      }
      if (length == 0) {
        out.append(BROKEN);
      } else {
        out.appendCodePoint(Utf8Chars.codePoint(begun, 0, length));
      }
      started = true;
      forget(Math.max(1, length));
    }
  }

  /// No more bytes follow: what was begun is broken.
  private void breakBytes() {
    for (; bytes > 0; bytes--) {
      out.append(BROKEN);
      started = true;
    }
  }

  private void forget(int count) {
    System.arraycopy(begun, count, begun, 0, bytes - count);
    bytes -= count;
  }
}
