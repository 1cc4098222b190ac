package org.tokapu.text.tokenizer;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.ModelFormatException;
import org.tokapu.text.tokenizer.SentencePiece.Kind;
import org.tokapu.text.tokenizer.SentencePieceModel.Algorithm;
import org.tokapu.text.tokenizer.SentencePieceModel.Ids;
import org.tokapu.text.tokenizer.SentencePieceModel.Normalization;

/// Reads `ModelProto`, the message that a `tokenizer.model` file is. For one use.
///
/// As in every protocol buffer, fields come in any order, unknown ones are skipped, and of a
/// repeated single field the last counts.
final class SentencePieceReader {
  private final String source;
  private final List<SentencePiece> pieces = new ArrayList<>();
  private Algorithm algorithm = Algorithm.UNIGRAM;
  private boolean byteFallback;
  private boolean spaceAsSuffix;
  private String bosPiece = "<s>";
  private String eosPiece = "</s>";
  private String padPiece = "<pad>";
  private String unknownSurface = SentencePieceModel.DEFAULT_UNKNOWN_SURFACE;
  private @Nullable Normalization normalizer;
  private @Nullable Normalization denormalizer;

  SentencePieceReader(byte[] bytes, String source) {
    this.source = source;
    ProtobufReader in = new ProtobufReader(bytes, source);
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> pieces.add(piece(in.nested("pieces[" + pieces.size() + "]")));
        case 2 -> trainer(in.nested("trainer_spec"));
        case 3 -> normalizer = normalization(in.nested("normalizer_spec"));
        case 5 -> denormalizer = normalization(in.nested("denormalizer_spec"));
        default -> in.skip();
      }
    }
  }

  SentencePieceModel model() {
    Normalization n =
        normalizer == null
            ? new Normalization("", new byte[0], true, true, true, spaceAsSuffix)
            : new Normalization(
                normalizer.name(),
                normalizer.charsMap(),
                normalizer.addDummyPrefix(),
                normalizer.removeExtraWhitespaces(),
                normalizer.escapeWhitespaces(),
                spaceAsSuffix);
    Normalization d =
        denormalizer == null || denormalizer.charsMap().length == 0 ? null : denormalizer;
    return new SentencePieceModel(algorithm, pieces, byteFallback, ids(), unknownSurface, n, d);
  }

  /// The special ids are found by their spelling, as SentencePiece does, not by the trainer's ids.
  private Ids ids() {
    int unknown = -1;
    int bos = -1;
    int eos = -1;
    int pad = -1;
    for (int id = 0; id < pieces.size(); id++) {
      SentencePiece piece = pieces.get(id);
      if (piece.kind() == Kind.UNKNOWN) {
        if (unknown >= 0) {
          throw new ModelFormatException(
              source, "pieces[" + id + "]", "is a second unknown piece beside " + unknown);
        }
        unknown = id;
      } else if (piece.kind() == Kind.CONTROL) {
        bos = piece.text().equals(bosPiece) ? id : bos;
        eos = piece.text().equals(eosPiece) ? id : eos;
        pad = piece.text().equals(padPiece) ? id : pad;
      }
    }
    return new Ids(unknown, bos, eos, pad);
  }

  private static SentencePiece piece(ProtobufReader in) {
    String text = "";
    float score = 0;
    Kind kind = Kind.NORMAL;
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> text = in.text();
        case 2 -> score = in.real();
        case 3 -> kind = Kind.of(in.integer());
        default -> in.skip();
      }
    }
    return new SentencePiece(text, score, kind);
  }

  private void trainer(ProtobufReader in) {
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 3 -> algorithm = algorithm(in.integer());
        case 24 -> spaceAsSuffix = in.flag();
        case 35 -> byteFallback = in.flag();
        case 44 -> unknownSurface = in.text();
        case 46 -> bosPiece = in.text();
        case 47 -> eosPiece = in.text();
        case 48 -> padPiece = in.text();
        default -> in.skip();
      }
    }
  }

  private Algorithm algorithm(long number) {
    for (Algorithm known : Algorithm.values()) {
      if (known.number() == number) {
        return known;
      }
    }
    throw new ModelFormatException(source, "trainer_spec.model_type", "is unknown: " + number);
  }

  private static Normalization normalization(ProtobufReader in) {
    String name = "";
    byte[] charsMap = {};
    boolean addDummyPrefix = true;
    boolean removeExtraWhitespaces = true;
    boolean escapeWhitespaces = true;
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> name = in.text();
        case 2 -> charsMap = in.blob();
        case 3 -> addDummyPrefix = in.flag();
        case 4 -> removeExtraWhitespaces = in.flag();
        case 5 -> escapeWhitespaces = in.flag();
        default -> in.skip();
      }
    }
    return new Normalization(
        name, charsMap, addDummyPrefix, removeExtraWhitespaces, escapeWhitespaces, false);
  }
}
