package org.tokapu.text.tokenizer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.tokapu.text.tokenizer.SentencePieceModel.Normalization;

/// Writes `ModelProto`, the message that a `tokenizer.model` file is; [SentencePieceReader] reads
/// it back.
final class SentencePieceWriter {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private SentencePieceWriter() {}

  static byte[] write(SentencePieceModel model) {
    SentencePieceWriter w = new SentencePieceWriter();
    for (SentencePiece piece : model.pieces()) {
      w.blob(1, piece(piece));
    }
    w.blob(2, trainer(model));
    w.blob(3, normalization(model.normalizer()));
    Normalization denormalizer = model.denormalizer();
    if (denormalizer != null) {
      w.blob(5, normalization(denormalizer));
    }
    return w.out.toByteArray();
  }

  private static byte[] piece(SentencePiece piece) {
    SentencePieceWriter w = new SentencePieceWriter();
    w.text(1, piece.text());
    w.real(2, piece.score());
    if (piece.kind() != SentencePiece.Kind.NORMAL) {
      w.integer(3, piece.kind().number());
    }
    return w.out.toByteArray();
  }

  private static byte[] trainer(SentencePieceModel model) {
    SentencePieceWriter w = new SentencePieceWriter();
    SentencePieceModel.Ids ids = model.ids();
    w.integer(3, model.algorithm().number());
    w.integer(4, model.pieces().size());
    w.flag(24, model.normalizer().spaceAsSuffix());
    w.flag(35, model.byteFallback());
    w.integer(40, ids.unknown());
    w.integer(41, ids.bos());
    w.integer(42, ids.eos());
    w.integer(43, ids.pad());
    w.text(44, model.unknownSurface());
    w.special(45, model, ids.unknown());
    w.special(46, model, ids.bos());
    w.special(47, model, ids.eos());
    w.special(48, model, ids.pad());
    return w.out.toByteArray();
  }

  private static byte[] normalization(Normalization n) {
    SentencePieceWriter w = new SentencePieceWriter();
    w.text(1, n.name());
    w.blob(2, n.charsMap());
    w.flag(3, n.addDummyPrefix());
    w.flag(4, n.removeExtraWhitespaces());
    w.flag(5, n.escapeWhitespaces());
    return w.out.toByteArray();
  }

  private void special(int field, SentencePieceModel model, int id) {
    @Nullable String text = id < 0 ? null : model.pieces().get(id).text();
    if (text != null) {
      text(field, text);
    }
  }

  private void text(int field, String value) {
    blob(field, value.getBytes(StandardCharsets.UTF_8));
  }

  private void blob(int field, byte[] value) {
    varint((long) field << 3 | 2);
    varint(value.length);
    out.writeBytes(value);
  }

  private void integer(int field, long value) {
    varint((long) field << 3);
    varint(value);
  }

  private void flag(int field, boolean value) {
    integer(field, value ? 1 : 0);
  }

  private void real(int field, float value) {
    varint((long) field << 3 | 5);
    int bits = Float.floatToIntBits(value);
    for (int shift = 0; shift < 32; shift += 8) {
      out.write(bits >>> shift);
    }
  }

  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) (rest & 0x7f | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }
}
