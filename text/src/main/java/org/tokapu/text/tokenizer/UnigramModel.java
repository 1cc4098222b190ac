package org.tokapu.text.tokenizer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tokapu.base.json.JsonObject;
import org.tokapu.text.tokenizer.SentencePiece.Kind;
import org.tokapu.text.tokenizer.SentencePieceModel.Algorithm;
import org.tokapu.text.tokenizer.SentencePieceModel.Ids;
import org.tokapu.text.tokenizer.SentencePieceModel.Normalization;

/// The `Unigram` model of a `tokenizer.json`: pieces with log probabilities, cut as SentencePiece
/// cuts. Immutable but for caches, and thread-safe.
final class UnigramModel implements SubwordModel {
  private final PieceVocabulary vocabulary;
  private final SentencePieceUnigram segmenter;

  private UnigramModel(PieceVocabulary vocabulary) {
    this.vocabulary = vocabulary;
    this.segmenter = new SentencePieceUnigram(vocabulary);
  }

  /// Returns the ids of the pieces: their numbers in the list.
  static Map<String, Integer> ids(JsonObject model) {
    Map<String, Integer> out = new LinkedHashMap<>();
    int id = 0;
    for (SentencePiece piece : pieces(model)) {
      if (out.put(piece.text(), id) != null) {
        throw model.wrong("vocab[" + id + "]", "repeats the piece \"" + piece.text() + "\"");
      }
      id++;
    }
    return out;
  }

  /// Reads the model.
  ///
  /// @param special ids that no text spells
  static UnigramModel read(JsonObject model, Set<Integer> special) {
    List<SentencePiece> pieces = pieces(model);
    int unknown = model.integer("unk_id").orElse(-1);
    if (unknown < 0 || unknown >= pieces.size()) {
      throw model.wrong("unk_id", "should be the number of a piece, is " + unknown);
    }
    boolean bytes = model.flag("byte_fallback").orElse(false);
    Map<Integer, Boolean> seen = new HashMap<>();
    for (int id = 0; id < pieces.size(); id++) {
      SentencePiece piece = pieces.get(id);
      int b = bytes ? SentencePiece.byteOf(piece.text()) : -1;
      if (b >= 0) {
        seen.put(b, true);
      }
      Kind kind =
          id == unknown
              ? Kind.UNKNOWN
              : special.contains(id) ? Kind.CONTROL : b >= 0 ? Kind.BYTE : piece.kind();
      pieces.set(id, new SentencePiece(piece.text(), piece.score(), kind));
    }
    return new UnigramModel(
        new PieceVocabulary(
            new SentencePieceModel(
                Algorithm.UNIGRAM,
                pieces,
                bytes && seen.size() == 256,
                new Ids(unknown, -1, -1, -1),
                SentencePieceModel.DEFAULT_UNKNOWN_SURFACE,
                // The pre-tokenizer has done all this; the text spells spaces as the pieces do.
                new Normalization("identity", new byte[0], false, false, false, false),
                null)));
  }

  private static List<SentencePiece> pieces(JsonObject model) {
    List<SentencePiece> out = new ArrayList<>();
    for (Object item : model.list("vocab")) {
      if (!(item instanceof List<?> pair
          && pair.size() == 2
          && pair.get(0) instanceof String text
          && pair.get(1) instanceof Number score
          && Double.isFinite(score.doubleValue()))) {
        throw model.wrong("vocab[" + out.size() + "]", "should be a piece and its score");
      }
      out.add(new SentencePiece(text, score.floatValue(), Kind.NORMAL));
    }
    if (out.isEmpty()) {
      throw model.wrong("vocab", "is empty");
    }
    return out;
  }

  @Override
  public Encoder encoder() {
    PieceSegmenter.Run run = segmenter.run();
    NormalizedText word = new NormalizedText(64, false);
    PieceBuffer found = new PieceBuffer(vocabulary, 64, true);
    return (text, from, to, out) -> {
      word.clear();
      word.addAll(text, from, to, 0);
      found.clear();
      run.segment(word, found);
      int start = 0;
      for (int i = 0; i < found.size(); i++) {
        // The bytes of one character all end behind it.
        int end = found.end(i);
        out.add(found.id(i), from + Math.min(start, end), from + end);
        start = end;
      }
    };
  }
}
