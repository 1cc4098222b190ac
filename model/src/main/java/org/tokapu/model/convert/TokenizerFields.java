package org.tokapu.model.convert;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.TokapuException;
import org.tokapu.base.json.Json;
import org.tokapu.base.json.JsonObject;
import org.tokapu.model.file.GgufType;
import org.tokapu.model.file.GgufValue;
import org.tokapu.model.file.HfFolder;
import org.tokapu.model.file.ModelFiles;
import org.tokapu.model.source.HfSource;
import org.tokapu.model.source.ModelSource;
import org.tokapu.text.SpecialTokens;
import org.tokapu.text.Tokenizer;
import org.tokapu.text.tokenizer.SentencePiece;
import org.tokapu.text.tokenizer.SentencePieceModel;
import org.tokapu.text.tokenizer.SentencePieceTokenizer;
import org.tokapu.text.tokenizer.Tokenizers;

/// A vocabulary under GGUF's keys, each behind `tokenizer.ggml.`.
///
/// SentencePiece models become `llama` or `t5`, byte-level BPE becomes `gpt2`; of tokenizers of
/// other kinds only tokenizer.json itself travels.
public final class TokenizerFields {
  private static final String PREFIX = "tokenizer.ggml.";

  /// Token types of the format.
  private static final long NORMAL = 1;

  private static final long CONTROL = 3;
  private static final long USER_DEFINED = 4;
  private static final long UNUSED = 5;

  private final Map<String, GgufValue> out = new LinkedHashMap<>();
  private final int vocabulary;

  private TokenizerFields(int vocabulary) {
    this.vocabulary = vocabulary;
  }

  /// Returns the keys, none if the model has no tokenizer.
  static Map<String, GgufValue> of(ModelSource source) {
    TokenizerFields fields = new TokenizerFields(source.weights().rows("token_embd.weight"));
    Optional<Tokenizer> tokenizer = source.tokenizer();
    if (tokenizer.isEmpty()) {
      return fields.out;
    }
    if (source instanceof HfSource hf) {
      fields.folder(hf.folder());
    } else if (tokenizer.get() instanceof SentencePieceTokenizer s) {
      fields.sentencePiece(s.model());
    }
    if (!fields.out.isEmpty()) {
      fields.special(tokenizer.get().special());
    }
    return fields.out;
  }

  /// Returns the keys of a vocabulary that stands alone.
  ///
  /// @param file a `tokenizer.json`, a `tokenizer.model`, or a folder with one of them
  /// @throws TokapuException if it is none of these, or of a kind that the keys cannot express
  public static Map<String, GgufValue> ofFile(Path file) {
    TokenizerFields fields = new TokenizerFields(0);
    switch (ModelFiles.kind(file)) {
      case TOKENIZER_JSON -> fields.tokenizerJson(file, true);
      case SENTENCEPIECE -> fields.sentencePiece(SentencePieceModel.open(file));
      case TOKENIZER_FOLDER, SAFETENSORS_FOLDER -> fields.folder(HfFolder.open(file));
      default -> {}
    }
    if (!fields.out.containsKey(PREFIX + "tokens")) {
      throw new TokapuException(
          file
              + " has no vocabulary that GGUF can hold; name a GGUF file, a tokenizer.json with"
              + " byte-level BPE, or a tokenizer.model");
    }
    fields.special(Tokenizers.open(file).special());
    return fields.out;
  }

  private void folder(HfFolder folder) {
    folder
        .tokenizerJson()
        .ifPresent(json -> tokenizerJson(json, folder.tokenizerModel().isEmpty()));
    folder.tokenizerModel().ifPresent(p -> sentencePiece(SentencePieceModel.open(p)));
  }

  /// @param alone whether there is no `tokenizer.model`, which says the same better
  private void tokenizerJson(Path file, boolean alone) {
    byte[] bytes = read(file);
    JsonObject parsed = Json.parseObject(bytes, file.toString());
    out.put(
        "tokenizer.huggingface.json", GgufValue.text(new String(bytes, StandardCharsets.UTF_8)));
    if (alone) {
      byteLevel(parsed);
    }
  }

  private static byte[] read(Path path) {
    try {
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw new TokapuException(path + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private void sentencePiece(SentencePieceModel model) {
    List<String> tokens = new ArrayList<>();
    List<Double> scores = new ArrayList<>();
    List<Long> types = new ArrayList<>();
    for (SentencePiece piece : model.pieces()) {
      tokens.add(piece.text());
      scores.add((double) piece.score());
      types.add((long) piece.kind().number());
    }
    boolean unigram = model.algorithm() == SentencePieceModel.Algorithm.UNIGRAM;
    out.put(PREFIX + "model", GgufValue.text(unigram ? "t5" : "llama"));
    out.put(PREFIX + "pre", GgufValue.text("default"));
    while (tokens.size() < vocabulary) { // an embedding padded beyond the vocabulary
      scores.add(-10000.0);
      types.add(UNUSED);
      tokens.add("[PAD" + tokens.size() + "]");
    }
    vocabulary(tokens, types);
    out.put(PREFIX + "scores", GgufValue.array(GgufType.FLOAT32, scores));
    out.put(PREFIX + "add_space_prefix", GgufValue.flag(model.normalizer().addDummyPrefix()));
    if (unigram && model.normalizer().charsMap().length > 0) {
      List<Long> bytes = new ArrayList<>();
      for (byte b : model.normalizer().charsMap()) {
        bytes.add((long) (b & 0xff));
      }
      out.put(PREFIX + "precompiled_charsmap", GgufValue.array(GgufType.UINT8, bytes));
    }
  }

  private void byteLevel(JsonObject json) {
    JsonObject model = json.object("model").orElseThrow(() -> json.wrong("model", "is missing"));
    boolean bpe =
        model.text("type").orElse("BPE").equals("BPE")
            && Json.write(json.map().get("pre_tokenizer")).contains("ByteLevel");
    if (!bpe) {
      return;
    }
    Map<Integer, String> byId = new LinkedHashMap<>();
    JsonObject ids = model.object("vocab").orElseThrow(() -> model.wrong("vocab", "is missing"));
    for (String piece : ids.map().keySet()) {
      byId.put(ids.integer(piece).orElseThrow(), piece);
    }
    Map<Integer, Long> special = new LinkedHashMap<>();
    for (JsonObject added : json.objects("added_tokens")) {
      int id = added.integer("id").orElseThrow(() -> added.wrong("id", "is missing"));
      byId.put(id, added.text("content").orElse(""));
      special.put(id, added.flag("special").orElse(false) ? CONTROL : USER_DEFINED);
    }
    List<String> tokens = new ArrayList<>();
    List<Long> types = new ArrayList<>();
    for (int id = 0; id < Math.max(vocabulary, byId.size()); id++) {
      String piece = byId.get(id);
      tokens.add(piece == null ? "[PAD" + id + "]" : piece);
      types.add(piece == null ? UNUSED : special.getOrDefault(id, NORMAL));
    }
    out.put(PREFIX + "model", GgufValue.text("gpt2"));
    out.put(PREFIX + "pre", GgufValue.text(PreTokenizerName.of(json)));
    vocabulary(tokens, types);
    out.put(PREFIX + "merges", GgufValue.strings(merges(model)));
  }

  private static List<String> merges(JsonObject model) {
    List<String> out = new ArrayList<>();
    for (@Nullable Object merge : model.list("merges")) {
      out.add(
          merge instanceof List<?> pair && pair.size() == 2
              ? pair.get(0) + " " + pair.get(1)
              : String.valueOf(merge));
    }
    return out;
  }

  private void vocabulary(List<String> tokens, List<Long> types) {
    out.put(PREFIX + "tokens", GgufValue.strings(tokens));
    out.put(PREFIX + "token_type", GgufValue.array(GgufType.INT32, types));
  }

  private void special(SpecialTokens special) {
    id("bos_token_id", special.bos());
    id("eos_token_id", special.eos());
    id("unknown_token_id", special.unknown());
    id("padding_token_id", special.pad());
    out.put(PREFIX + "add_bos_token", GgufValue.flag(special.addBos()));
    out.put(PREFIX + "add_eos_token", GgufValue.flag(special.addEos()));
  }

  private void id(String key, int id) {
    if (id >= 0) {
      out.put(PREFIX + key, GgufValue.uint32(id));
    }
  }
}
