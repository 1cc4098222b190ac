package org.tokapu.text.tokenizer;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.tokapu.text.tokenizer.SentencePiece.Kind;
import org.tokapu.text.tokenizer.SentencePieceModel.Algorithm;
import org.tokapu.text.tokenizer.SentencePieceModel.Ids;
import org.tokapu.text.tokenizer.SentencePieceModel.Normalization;

/// Reads a SentencePiece model from the metadata of a GGUF file.
///
/// The keys, each behind `tokenizer.ggml.`: `model` (`llama`: BPE with byte fallback, `t5`:
/// Unigram), `tokens`, `scores`, `token_type` (numbers of [Kind]), `bos_token_id`, `eos_token_id`,
/// `unknown_token_id`, `padding_token_id`, `eot_token_id`, `eom_token_id`, `add_bos_token`,
/// `add_eos_token`, `add_space_prefix`, `remove_extra_whitespaces`, `precompiled_charsmap`
/// (<https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>). What is absent is as llama.cpp
/// assumes it.
final class SentencePieceGguf {
  private final GgufFields fields;
  private final boolean unigram;
  private final String name;

  private SentencePieceGguf(Map<String, ?> metadata, String source) {
    fields = new GgufFields(metadata, source);
    String kind = fields.text("model");
    if (!kind.equals("llama") && !kind.equals("t5")) {
      throw fields.wrong("model", "should be llama or t5, is " + kind);
    }
    unigram = kind.equals("t5");
    name = String.valueOf(metadata.get("general.name")).toLowerCase(Locale.ROOT);
  }

  /// Returns whether the metadata are of a kind that this reads.
  static boolean reads(Map<String, ?> metadata) {
    Object kind = metadata.get(GgufFields.PREFIX + "model");
    return "llama".equals(kind) || "t5".equals(kind);
  }

  /// Returns the model.
  ///
  /// @param metadata values by key; arrays are lists or Java arrays
  /// @param source the file, for messages
  static SentencePieceModel model(Map<String, ?> metadata, String source) {
    return new SentencePieceGguf(metadata, source).model();
  }

  /// Returns the tokenizer, with what the metadata say of its surroundings.
  static SentencePieceTokenizer tokenizer(Map<String, ?> metadata, String source) {
    SentencePieceGguf in = new SentencePieceGguf(metadata, source);
    SentencePieceModel model = in.model();
    return SentencePieceTokenizer.of(model, in.options(model));
  }

  private SentencePieceModel model() {
    Ids ids =
        unigram
            ? new Ids(
                fields.id("unknown", 2),
                fields.id("bos", -1),
                fields.id("eos", 1),
                fields.id("padding", 0))
            : new Ids(
                fields.id("unknown", 0),
                fields.id("bos", 1),
                fields.id("eos", 2),
                fields.id("padding", -1));
    List<SentencePiece> pieces = pieces(ids);
    boolean bytes =
        pieces.stream()
                .filter(p -> p.kind() == Kind.BYTE)
                .map(SentencePiece::text)
                .distinct()
                .count()
            == 256;
    byte[] charsMap = fields.bytes("precompiled_charsmap");
    Normalization normalizer =
        new Normalization(
            charsMap.length == 0 ? "identity" : "precompiled",
            charsMap,
            fields.flag("add_space_prefix", !unigram),
            fields.flag("remove_extra_whitespaces", false),
            true,
            false);
    SentencePieceModel model =
        new SentencePieceModel(
            unigram ? Algorithm.UNIGRAM : Algorithm.BPE,
            pieces,
            bytes,
            ids,
            SentencePieceModel.DEFAULT_UNKNOWN_SURFACE,
            normalizer,
            null);
    model.check(fields.source());
    return model;
  }

  private List<SentencePiece> pieces(Ids ids) {
    int[] kinds = fields.kinds();
    float[] scores = fields.scores();
    boolean guesses = !fields.has("token_type");
    List<SentencePiece> pieces = new ArrayList<>(kinds.length);
    for (int id = 0; id < kinds.length; id++) {
      if (fields.isEmpty(id)) {
        pieces.add(SentencePieceModel.filler(id));
        continue;
      }
      String text = fields.tokens().get(id);
      Kind kind = guesses ? guess(text, id, ids) : Kind.of(kinds[id]);
      if (kind == Kind.BYTE && SentencePiece.byteOf(text) < 0) {
        kind = Kind.CONTROL;
      }
      pieces.add(new SentencePiece(text, scores[id], kind));
    }
    return pieces;
  }

  private static Kind guess(String text, int id, Ids ids) {
    if (id == ids.unknown()) {
      return Kind.UNKNOWN;
    }
    if (id == ids.bos() || id == ids.eos() || id == ids.pad()) {
      return Kind.CONTROL;
    }
    return SentencePiece.byteOf(text) >= 0 ? Kind.BYTE : Kind.NORMAL;
  }

  private SentencePieceOptions options(SentencePieceModel model) {
    Set<Integer> ends = new LinkedHashSet<>();
    Set<Integer> trims = new LinkedHashSet<>();
    for (String key : List.of("eot", "eom")) {
      int id = fields.id(key, -1);
      if (id >= 0) {
        ends.add(id);
      }
    }
    // The format has no key for it: these models' special tokens swallow the white space behind
    // them, as their tokenizer.json says; llama.cpp goes by the name as well.
    boolean phi = name.contains("phi-3") || name.contains("phi3");
    for (int id = 0; id < model.pieces().size(); id++) {
      SentencePiece piece = model.pieces().get(id);
      if (piece.kind() == Kind.CONTROL || piece.kind() == Kind.USER_DEFINED) {
        if (SpecialTable.END_OF_TURN.contains(piece.text())) {
          ends.add(id);
        }
        if (phi && !Set.of("<s>", "<|endoftext|>").contains(piece.text())) {
          trims.add(id);
        }
      }
    }
    return SentencePieceOptions.usual(model)
        .adding(fields.flag("add_bos_token", !unigram), fields.flag("add_eos_token", unigram))
        .splitting(SentencePieceOptions.Splitting.EACH)
        .endingWith(ends)
        .trimmingAfter(trims);
  }
}
