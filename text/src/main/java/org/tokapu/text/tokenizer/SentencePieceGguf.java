package org.tokapu.text.tokenizer;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.ModelFormatException;
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
  private static final String PREFIX = "tokenizer.ggml.";
  private static final Set<String> ENDS =
      Set.of(
          "<|im_end|>",
          "<|end|>",
          "<|eot_id|>",
          "<|eom_id|>",
          "<end_of_turn>",
          "<|endoftext|>",
          "<EOT>");

  private final Map<String, ?> metadata;
  private final String source;
  private final boolean unigram;
  private final int size;

  private SentencePieceGguf(Map<String, ?> metadata, String source) {
    this.metadata = metadata;
    this.source = source;
    String kind = String.valueOf(metadata.get(PREFIX + "model"));
    if (!kind.equals("llama") && !kind.equals("t5")) {
      throw wrong("model", "should be llama or t5, is " + kind);
    }
    unigram = kind.equals("t5");
    Object tokens = metadata.get(PREFIX + "tokens");
    size = tokens == null ? 0 : length(tokens);
    if (size == 0) {
      throw wrong("tokens", "is absent or empty; the file has no vocabulary");
    }
  }

  /// Returns whether the metadata are of a kind that this reads.
  static boolean reads(Map<String, ?> metadata) {
    Object kind = metadata.get(PREFIX + "model");
    return "llama".equals(kind) || "t5".equals(kind);
  }

  /// Returns the model.
  ///
  /// @param metadata values by key; arrays are lists or Java arrays
  /// @param source the file, for messages
  static SentencePieceModel model(Map<String, ?> metadata, String source) {
    SentencePieceModel model = new SentencePieceGguf(metadata, source).model();
    model.check(source);
    return model;
  }

  /// Returns the tokenizer, with what the metadata say of its surroundings.
  static SentencePieceTokenizer tokenizer(Map<String, ?> metadata, String source) {
    SentencePieceModel model = model(metadata, source);
    SentencePieceGguf in = new SentencePieceGguf(metadata, source);
    return SentencePieceTokenizer.of(model, in.options(model));
  }

  private SentencePieceModel model() {
    Ids ids =
        unigram
            ? new Ids(id("unknown", 2), id("bos", -1), id("eos", 1), id("padding", 0))
            : new Ids(id("unknown", 0), id("bos", 1), id("eos", 2), id("padding", -1));
    List<SentencePiece> pieces = pieces(ids);
    boolean bytes =
        pieces.stream()
                .filter(p -> p.kind() == Kind.BYTE)
                .map(SentencePiece::text)
                .distinct()
                .count()
            == 256;
    byte[] charsMap = bytes("precompiled_charsmap");
    Normalization normalizer =
        new Normalization(
            charsMap.length == 0 ? "identity" : "precompiled",
            charsMap,
            flag("add_space_prefix", !unigram),
            flag("remove_extra_whitespaces", false),
            true,
            false);
    return new SentencePieceModel(
        unigram ? Algorithm.UNIGRAM : Algorithm.BPE,
        pieces,
        bytes,
        ids,
        SentencePieceModel.DEFAULT_UNKNOWN_SURFACE,
        normalizer,
        null);
  }

  private List<SentencePiece> pieces(Ids ids) {
    Object tokens = array("tokens");
    Object scores = metadata.get(PREFIX + "scores") == null ? null : array("scores");
    Object types = metadata.get(PREFIX + "token_type") == null ? null : array("token_type");
    List<SentencePiece> pieces = new ArrayList<>(size);
    Set<String> seen = HashSet.newHashSet(size);
    for (int id = 0; id < size; id++) {
      if (!(element(tokens, id) instanceof String text)) {
        throw wrong("tokens", "[" + id + "] is not a string");
      }
      if (text.isEmpty()) {
        pieces.add(SentencePieceModel.filler(id));
        continue;
      }
      Kind kind =
          types == null
              ? guess(text, id, ids)
              : Kind.of(number("token_type", types, id).longValue());
      if (kind == Kind.BYTE && SentencePiece.byteOf(text) < 0) {
        kind = Kind.CONTROL;
      }
      if (!seen.add(text)) {
        throw wrong("tokens", "[" + id + "] repeats the token \"" + text + "\"");
      }
      float score = scores == null ? 0 : number("scores", scores, id).floatValue();
      pieces.add(new SentencePiece(text, score, kind));
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
      int id = id(key, -1);
      if (id >= 0) {
        ends.add(id);
      }
    }
    // The format has no key for it: these models' special tokens swallow the white space behind
    // them, as their tokenizer.json says; llama.cpp goes by the name as well.
    String name = String.valueOf(metadata.get("general.name")).toLowerCase(Locale.ROOT);
    boolean phi = name.contains("phi-3") || name.contains("phi3");
    for (int id = 0; id < size; id++) {
      SentencePiece piece = model.pieces().get(id);
      if (piece.kind() == Kind.CONTROL || piece.kind() == Kind.USER_DEFINED) {
        if (ENDS.contains(piece.text())) {
          ends.add(id);
        }
        if (phi && !Set.of("<s>", "<|endoftext|>").contains(piece.text())) {
          trims.add(id);
        }
      }
    }
    return SentencePieceOptions.usual(model)
        .adding(flag("add_bos_token", !unigram), flag("add_eos_token", unigram))
        .splitting(SentencePieceOptions.Splitting.EACH)
        .endingWith(ends)
        .trimmingAfter(trims);
  }

  private int id(String role, int otherwise) {
    Object value = metadata.get(PREFIX + role + "_token_id");
    if (value == null) {
      return otherwise < size ? otherwise : -1;
    }
    long id = value instanceof Number n ? n.longValue() : -2;
    // An id of all ones stands for none.
    if (id == 0xffffffffL || id == -1) {
      return -1;
    }
    if (id < 0 || id >= size) {
      throw wrong(role + "_token_id", value + " is outside of the vocabulary of " + size);
    }
    return (int) id;
  }

  private boolean flag(String key, boolean otherwise) {
    Object value = metadata.get(PREFIX + key);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw wrong(key, "should be true or false, is " + value);
  }

  private byte[] bytes(String key) {
    Object value = metadata.get(PREFIX + key);
    if (value == null) {
      return new byte[0];
    }
    byte[] bytes = new byte[length(value)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = number(key, value, i).byteValue();
    }
    return bytes;
  }

  private Object array(String key) {
    Object value = metadata.get(PREFIX + key);
    if (value == null || length(value) != size) {
      throw wrong(key, "should be an array of " + size + ", one for each token");
    }
    return value;
  }

  private Number number(String key, Object array, int index) {
    if (element(array, index) instanceof Number number) {
      return number;
    }
    throw wrong(key, "[" + index + "] is not a number");
  }

  private static int length(Object array) {
    return switch (array) {
      case List<?> list -> list.size();
      case Object[] objects -> objects.length;
      case int[] ints -> ints.length;
      case float[] floats -> floats.length;
      case byte[] bytes -> bytes.length;
      default -> 0;
    };
  }

  private static @Nullable Object element(Object array, int index) {
    return switch (array) {
      case List<?> list -> list.get(index);
      case Object[] objects -> objects[index];
      case int[] ints -> ints[index];
      case float[] floats -> floats[index];
      case byte[] bytes -> bytes[index];
      default -> null;
    };
  }

  private ModelFormatException wrong(String key, String problem) {
    return new ModelFormatException(source, PREFIX + key, problem);
  }
}
