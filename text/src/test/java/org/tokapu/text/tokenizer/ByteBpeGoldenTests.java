package org.tokapu.text.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokapu.base.json.Json;
import org.tokapu.base.json.JsonObject;
import org.tokapu.testkit.TestData;
import org.tokapu.text.SpecialScope;
import org.tokapu.text.Tokenizer;

/// Byte-level BPE against the golden figures, as `tokenizer.json`, GGUF metadata and GPT-2's files.
class ByteBpeGoldenTests {
  static final JsonObject GOLDEN = TestData.json("golden/byte-bpe.json");

  /// The pieces by id: the bytes, then the merges, then the special tokens.
  static List<String> pieces() {
    List<String> out = new ArrayList<>();
    // The golden file's order of bytes is that of `bytes_to_unicode`.
    for (int b = 0; b < 256; b++) {
      if (ByteAlphabet.spell(b) == b) {
        out.add(String.valueOf((char) b));
      }
    }
    for (int c = 0x100; out.size() < 256; c++) {
      out.add(String.valueOf((char) c));
    }
    for (Object merge : GOLDEN.list("merges")) {
      out.add(((String) Objects.requireNonNull(merge)).replace(" ", ""));
    }
    return out;
  }

  static Map<String, Object> special() {
    Map<String, Object> out = new LinkedHashMap<>();
    GOLDEN
        .object("special_tokens")
        .orElseThrow()
        .map()
        .forEach((text, id) -> out.put(text, Objects.requireNonNull(id)));
    return out;
  }

  private static Map<String, Object> vocab() {
    Map<String, Object> out = new LinkedHashMap<>();
    for (String piece : pieces()) {
      out.put(piece, (long) out.size());
    }
    return out;
  }

  /// A `tokenizer.json` with the named pattern.
  static byte[] tokenizerJson(String pattern, boolean pairs) {
    String regex = GOLDEN.object("patterns").orElseThrow().text(pattern).orElseThrow();
    List<Object> merges = new ArrayList<>();
    for (Object merge : GOLDEN.list("merges")) {
      String text = (String) Objects.requireNonNull(merge);
      merges.add(pairs ? List.of(text.split(" ")) : text);
    }
    List<Object> added = new ArrayList<>();
    special().forEach((text, id) -> added.add(Map.of("id", id, "content", text, "special", true)));
    Map<String, @Nullable Object> whole = new LinkedHashMap<>();
    whole.put("added_tokens", added);
    whole.put("normalizer", pattern.equals("qwen2") ? Map.of("type", "NFC") : null);
    whole.put(
        "pre_tokenizer",
        Map.of(
            "type",
            "Sequence",
            "pretokenizers",
            List.of(
                Map.of(
                    "type",
                    "Split",
                    "pattern",
                    Map.of("Regex", regex),
                    "behavior",
                    "Isolated",
                    "invert",
                    false),
                Map.of("type", "ByteLevel", "add_prefix_space", false, "use_regex", false))));
    whole.put("decoder", Map.of("type", "ByteLevel"));
    whole.put("model", Map.of("type", "BPE", "vocab", vocab(), "merges", merges));
    return Json.write(whole).getBytes(StandardCharsets.UTF_8);
  }

  private static Map<String, Object> gguf(String pre) {
    List<String> tokens = pieces();
    List<Long> kinds = new ArrayList<>();
    tokens.forEach(_ -> kinds.add(1L));
    special()
        .keySet()
        .forEach(text -> {
          tokens.add(text);
          kinds.add(3L);
        });
    return Map.of(
        "tokenizer.ggml.model",
        "gpt2",
        "tokenizer.ggml.pre",
        pre,
        "tokenizer.ggml.tokens",
        tokens,
        "tokenizer.ggml.token_type",
        kinds,
        "tokenizer.ggml.merges",
        GOLDEN.list("merges"),
        "tokenizer.ggml.eos_token_id",
        556L);
  }

  static Tokenizer tokenizer(String pattern) {
    return Tokenizers.fromTokenizerJson(tokenizerJson(pattern, false), null, "golden");
  }

  static Stream<Arguments> kinds() {
    return Stream.of(
        Arguments.of("gpt2", tokenizer("gpt2")),
        Arguments.of("llama3", tokenizer("llama3")),
        Arguments.of("qwen2", tokenizer("qwen2")),
        Arguments.of(
            "llama3", Tokenizers.fromTokenizerJson(tokenizerJson("llama3", true), null, "pairs")),
        Arguments.of("gpt2", Tokenizers.fromGguf(gguf("gpt-2"), "gguf").orElseThrow()),
        Arguments.of("llama3", Tokenizers.fromGguf(gguf("smaug-bpe"), "gguf").orElseThrow()),
        Arguments.of(
            "gpt2",
            VocabularyFiles.byteLevel(
                Json.write(withSpecial()).getBytes(StandardCharsets.UTF_8),
                ("#version: 0.2\n" + String.join("\n", merges())).getBytes(StandardCharsets.UTF_8),
                null,
                "vocab.json")));
  }

  private static Map<String, Object> withSpecial() {
    Map<String, Object> out = vocab();
    out.putAll(special());
    return out;
  }

  private static List<String> merges() {
    return GOLDEN.list("merges").stream().map(m -> (String) Objects.requireNonNull(m)).toList();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void yieldsTheGoldenIds(String pattern, Tokenizer tokenizer) {
    for (JsonObject c : GOLDEN.objects("cases")) {
      String text = c.text("text").orElseThrow();
      int[] expected = VectorTests.ints(c.list(pattern));
      assertThat(tokenizer.encode(text)).as(text).isEqualTo(expected);
      assertThat(tokenizer.encodeWithOffsets(text, SpecialScope.NONE, false).ids())
          .as(text)
          .isEqualTo(expected);
      if (c.has(pattern + "_special") && tokenizer.special().byText().size() == 3) {
        assertThat(tokenizer.encode(text, SpecialScope.ALL))
            .as(text)
            .isEqualTo(VectorTests.ints(c.list(pattern + "_special")));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "llama3", "qwen2"})
  void scannersAndRegexesCutAlike(String pattern) {
    PatternScanner scanner =
        switch (pattern) {
          case "gpt2" -> Patterns::gpt2;
          case "llama3" -> Patterns::cl100k;
          default -> Patterns::qwen2;
        };
    Splitter regex =
        new RegexSplitter(
            RegexSyntax.compile(
                GOLDEN.object("patterns").orElseThrow().text(pattern).orElseThrow()),
            SplitBehavior.ISOLATED,
            false);
    for (JsonObject c : GOLDEN.objects("cases")) {
      String text = c.text("text").orElseThrow();
      assertThat(words(regex, text)).as(text).isEqualTo(words(scanner, text));
      if (c.has(pattern + "_words") && !pattern.equals("qwen2")) {
        assertThat(words(scanner, text)).as(text).isEqualTo(c.list(pattern + "_words"));
      }
    }
  }

  static List<String> words(Splitter splitter, String text) {
    List<String> out = new ArrayList<>();
    char[] chars = text.toCharArray();
    splitter.split(chars, 0, chars.length, (s, e) -> out.add(text.substring(s, e)));
    return out;
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "llama3"})
  void decodesTheGoldenIds(String pattern) {
    Tokenizer tokenizer = tokenizer(pattern);
    for (JsonObject c : GOLDEN.objects("decode_cases")) {
      int[] ids = VectorTests.ints(c.list("ids"));
      assertThat(tokenizer.decode(ids)).isEqualTo(c.text("text").orElseThrow());
      StringBuilder hex = new StringBuilder();
      for (int id : ids) {
        hex.append(HexFormat.of().formatHex(tokenizer.bytes(id)));
      }
      assertThat(hex.toString()).isEqualTo(c.text("bytes").orElseThrow());
    }
  }
}
