package org.tokapu.model.synth;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tokapu.model.file.GgufType;
import org.tokapu.model.file.GgufValue;

/// A made-up SentencePiece vocabulary of 32,000 pieces that can spell every text: three special
/// tokens, the 256 bytes, ASCII, all Hangul syllables, and combinations of Latin letters.
///
/// Every longer piece is the join of a shorter one and a letter, both of which are there, so that
/// merging reaches it.
final class SynthVocabulary {
  private static final int SIZE = 32_000;
  private static final long NORMAL = 1;
  private static final long UNKNOWN = 2;
  private static final long CONTROL = 3;
  private static final long BYTE = 6;

  /// Says who speaks, a line a turn; needs no token of its own.
  static final String TEMPLATE =
      """
      {%- for message in messages %}{{ message['role'] + ': ' + message['content'] + '\\n' }}\
      {%- endfor %}{%- if add_generation_prompt %}{{ 'assistant:' }}{%- endif %}\
      """;

  private final List<String> pieces = new ArrayList<>();
  private final List<Long> types = new ArrayList<>();

  private SynthVocabulary() {}

  /// Returns the metadata of a GGUF file that carry the vocabulary.
  static Map<String, GgufValue> metadata() {
    SynthVocabulary vocabulary = new SynthVocabulary();
    vocabulary.fill();
    List<Double> scores = new ArrayList<>(SIZE);
    for (int i = 0; i < SIZE; i++) {
      scores.add(i < 259 ? 0.0 : 259.0 - i);
    }
    Map<String, GgufValue> out = new LinkedHashMap<>();
    out.put("tokenizer.ggml.model", GgufValue.text("llama"));
    out.put("tokenizer.ggml.pre", GgufValue.text("default"));
    out.put("tokenizer.ggml.tokens", GgufValue.strings(vocabulary.pieces));
    out.put("tokenizer.ggml.scores", GgufValue.array(GgufType.FLOAT32, scores));
    out.put("tokenizer.ggml.token_type", GgufValue.array(GgufType.INT32, vocabulary.types));
    out.put("tokenizer.ggml.unknown_token_id", GgufValue.uint32(0));
    out.put("tokenizer.ggml.bos_token_id", GgufValue.uint32(1));
    out.put("tokenizer.ggml.eos_token_id", GgufValue.uint32(2));
    out.put("tokenizer.ggml.add_bos_token", GgufValue.flag(true));
    out.put("tokenizer.ggml.add_eos_token", GgufValue.flag(false));
    out.put("tokenizer.ggml.add_space_prefix", GgufValue.flag(true));
    out.put("tokenizer.chat_template", GgufValue.text(TEMPLATE));
    return out;
  }

  private void fill() {
    add("<unk>", UNKNOWN);
    add("<s>", CONTROL);
    add("</s>", CONTROL);
    for (int b = 0; b < 256; b++) {
      add("<0x%02X>".formatted(b), BYTE);
    }
    add("▁", NORMAL);
    for (char c = '!'; c <= '~'; c++) {
      add(String.valueOf(c), NORMAL);
    }
    for (char c = '가'; c <= '힣'; c++) {
      add(String.valueOf(c), NORMAL);
    }
    List<String> one = List.of("▁");
    List<String> words = grow(one); // ▁a
    List<String> letters = grow(List.of("")); // there already: single letters
    List<String> pairs = grow(letters);
    words.forEach(p -> add(p, NORMAL));
    pairs.forEach(p -> add(p, NORMAL));
    List<String> longWords = grow(words); // ▁ab
    longWords.forEach(p -> add(p, NORMAL));
    grow(pairs).forEach(p -> add(p, NORMAL));
    grow(longWords).forEach(p -> add(p, NORMAL));
  }

  private static List<String> grow(List<String> stems) {
    List<String> out = new ArrayList<>();
    for (String stem : stems) {
      for (char c = 'a'; c <= 'z'; c++) {
        out.add(stem + c);
      }
    }
    return out;
  }

  private void add(String piece, long type) {
    if (pieces.size() < SIZE) {
      pieces.add(piece);
      types.add(type);
    }
  }
}
