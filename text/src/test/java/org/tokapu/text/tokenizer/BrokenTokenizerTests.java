package org.tokapu.text.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tokapu.base.ModelFormatException;
import org.tokapu.base.TokapuException;
import org.tokapu.base.json.Json;
import org.tokapu.base.json.JsonObject;
import org.tokapu.text.SpecialScope;
import org.tokapu.text.Tokenizer;

/// Broken and hostile files: an error that names file and field, or a tokenizer that works.
class BrokenTokenizerTests {
  private static final Object[] VALUES = {
    null, true, -1L, 0L, 1L << 40, 1e300, "", "x", "(", List.of(), Map.of(), List.of(List.of())
  };

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// Opens a file that may be broken, and uses what comes out.
  private static void tryOut(byte[] json) {
    try {
      Tokenizer tokenizer = Tokenizers.fromTokenizerJson(json, null, "t.json");
      int[] ids = tokenizer.encodePrompt("The dog's  12 한글<s>\n", SpecialScope.ALL);
      tokenizer.decode(ids);
      tokenizer.encodeWithOffsets("a b", SpecialScope.NONE, true);
    } catch (TokapuException e) {
      assertThat(e.getMessage()).isNotEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("org.tokapu.text.tokenizer.TokenizerJsonGoldenTests#tokenizers")
  void anyFieldMayBeAnything(JsonObject golden) {
    Object whole = golden.object("tokenizer").orElseThrow().map();
    Random random = new Random(5);
    for (int i = 0; i < 250; i++) {
      tryOut(utf8(Json.write(mutated(whole, random, 0))));
    }
  }

  /// Copies a JSON value with one place changed.
  private static @Nullable Object mutated(@Nullable Object value, Random random, int depth) {
    if (value instanceof Map<?, ?> map && !map.isEmpty() && random.nextInt(6) > 0) {
      Map<Object, @Nullable Object> out = new LinkedHashMap<>(map);
      Object key = new ArrayList<>(map.keySet()).get(random.nextInt(map.size()));
      out.put(key, mutated(out.get(key), random, depth + 1));
      return out;
    }
    if (value instanceof List<?> list && !list.isEmpty() && random.nextInt(6) > 0) {
      List<@Nullable Object> out = new ArrayList<>(list);
      int index = random.nextInt(list.size());
      out.set(index, mutated(out.get(index), random, depth + 1));
      return out;
    }
    return depth == 0 ? value : VALUES[random.nextInt(VALUES.length)];
  }

  @Test
  void bytesMayBeAnything() {
    byte[] json = ByteBpeGoldenTests.tokenizerJson("llama3", false);
    byte[] ranks = ranks();
    Random random = new Random(6);
    for (int i = 0; i < 400; i++) {
      tryOut(spoiled(json, random));
      byte[] broken = spoiled(ranks, random);
      try {
        Tokenizers.fromTiktoken(broken, "t.tiktoken").encode("a b 한글");
      } catch (ModelFormatException e) {
        assertThat(e.getMessage()).contains("t.tiktoken");
      }
    }
  }

  private static byte[] spoiled(byte[] file, Random random) {
    byte[] out = file.clone();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      out[random.nextInt(out.length)] = (byte) random.nextInt();
    }
    return random.nextInt(4) == 0 ? Arrays.copyOf(out, random.nextInt(out.length)) : out;
  }

  static byte[] ranks() {
    StringBuilder out = new StringBuilder();
    for (int b = 0; b < 256; b++) {
      out.append(Base64.getEncoder().encodeToString(new byte[] {(byte) b}))
          .append(' ')
          .append(b)
          .append('\n');
    }
    return utf8(out.append("YWI= 256\n").toString());
  }

  @Test
  void ranksMergeWhatTheyHold() {
    Tokenizer tokenizer = Tokenizers.fromTiktoken(ranks(), "small");
    assertThat(tokenizer.encode("aab")).containsExactly('a', 256);
    assertThat(tokenizer.decode(256, 'c')).isEqualTo("abc");
  }

  static Stream<Arguments> broken() {
    String start = "{\"model\":{\"type\":\"BPE\",\"vocab\":";
    String merges = ",\"merges\":[]}}";
    return Stream.of(
        Arguments.of("model", "{}"),
        Arguments.of("vocab", "{\"model\":{\"type\":\"BPE\",\"merges\":[]}}"),
        Arguments.of("share id", start + "{\"a\":0,\"b\":0}" + merges),
        Arguments.of("Duplicate", start + "{\"a\":0,\"a\":1}" + merges),
        Arguments.of("id -1", start + "{\"a\":-1}" + merges),
        Arguments.of("ids up to", start + "{\"a\":9000000}" + merges),
        Arguments.of("not within", start + "{\"a\":2000000000}" + merges),
        Arguments.of("out of range", start + "{\"a\":20000000000}" + merges),
        Arguments.of("not in the vocabulary", start + "{\"a\":0,\"b\":1},\"merges\":[\"a b\"]}}"),
        Arguments.of("merges[0]", start + "{\"a\":0},\"merges\":[\"a\"]}}"),
        Arguments.of("merges[0]", start + "{\"a\":0},\"merges\":[[\"a\"]]}}"),
        Arguments.of("unknown model", "{\"model\":{\"type\":\"Magic\",\"vocab\":{}}}"),
        Arguments.of(
            "unknown normalizer",
            "{\"normalizer\":{\"type\":\"X\"}," + start.substring(1) + "{}" + merges),
        Arguments.of("JSON", "[".repeat(100_000)),
        Arguments.of(
            "regular expression",
            "{\"pre_tokenizer\":{\"type\":\"Split\",\"pattern\":{\"Regex\":\"(\"}},"
                + start.substring(1)
                + "{}"
                + merges));
  }

  @ParameterizedTest
  @MethodSource("broken")
  void theErrorNamesFileAndField(String field, String json) {
    assertThatThrownBy(() -> Tokenizers.fromTokenizerJson(utf8(json), null, "t.json"))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("t.json")
        .hasMessageContaining(field);
  }

  @Test
  void aPatternThatBacktracksForeverIsStopped() {
    String json =
        "{\"pre_tokenizer\":{\"type\":\"Split\",\"pattern\":{\"Regex\":\"a*a*a*a*a*a*a*b\"}},"
            + "\"model\":{\"type\":\"WordLevel\",\"vocab\":{\"a\":0}}}";
    Tokenizer tokenizer = Tokenizers.fromTokenizerJson(utf8(json), null, "t.json");
    assertThatThrownBy(() -> tokenizer.encode("a".repeat(500)))
        .isInstanceOf(TokapuException.class)
        .hasMessageContaining("regular expression");
  }

  @Test
  void ggufMetadataMayBeAnything() {
    Random random = new Random(8);
    for (String kind : new String[] {"gpt2", "bert"}) {
      for (int i = 0; i < 300; i++) {
        Map<String, Object> metadata = new LinkedHashMap<>(metadata(kind));
        List<String> keys = new ArrayList<>(metadata.keySet());
        String key = keys.get(1 + random.nextInt(keys.size() - 1));
        Object value = VALUES[random.nextInt(VALUES.length)];
        if (value == null) {
          metadata.remove(key);
        } else {
          metadata.put(key, value);
        }
        try {
          Tokenizers.fromGguf(metadata, "x.gguf").ifPresent(t -> t.encode("ab 한"));
        } catch (ModelFormatException e) {
          assertThat(e.getMessage()).contains("x.gguf");
        }
      }
    }
  }

  private static Map<String, Object> metadata(String kind) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("tokenizer.ggml.model", kind);
    out.put("tokenizer.ggml.pre", "qwen2");
    out.put("tokenizer.ggml.tokens", List.of("[UNK]", "a", "b", "ab", "▁ab", "<|im_end|>"));
    out.put("tokenizer.ggml.token_type", List.of(2L, 1L, 1L, 1L, 4L, 3L));
    out.put("tokenizer.ggml.merges", List.of("a b"));
    for (String role : List.of("bos", "eos", "unknown", "cls", "seperator", "eot", "padding")) {
      out.put("tokenizer.ggml." + role + "_token_id", 0L);
    }
    out.put("tokenizer.ggml.add_bos_token", true);
    return out;
  }

  @Test
  void rolesAreFound() {
    Tokenizer tokenizer = Tokenizers.fromGguf(metadata("gpt2"), "x.gguf").orElseThrow();
    assertThat(tokenizer.special().endOfGeneration()).contains(5, 0);
    assertThat(tokenizer.special().addBos()).isTrue();
    assertThat(tokenizer.encodePrompt("ab", SpecialScope.NONE)).containsExactly(0, 3);
    assertThat(tokenizer.special().byText()).containsKeys("[UNK]", "<|im_end|>");
  }

  @Test
  void theConfigurationNamesRolesAndTemplates() {
    byte[] config =
        utf8(
            "{\"bos_token\":\"<|user|>\",\"eos_token\":{\"content\":\"<|end|>\"},"
                + "\"add_bos_token\":true,\"chat_template\":[{\"name\":\"default\","
                + "\"template\":\"T\"},{\"name\":\"tool_use\",\"template\":\"U\"}]}");
    Tokenizer tokenizer =
        Tokenizers.fromTokenizerJson(ByteBpeGoldenTests.tokenizerJson("gpt2", true), config, "t");
    assertThat(tokenizer.special().bos()).isEqualTo(557);
    assertThat(tokenizer.special().eos()).isEqualTo(558);
    assertThat(tokenizer.special().addBos()).isTrue();
    assertThat(tokenizer.special().endOfGeneration()).contains(556, 558);
    assertThat(tokenizer.encodePrompt("", SpecialScope.NONE)).containsExactly(557);
    assertThat(TokenizerConfig.parse(config, "c").chatTemplates())
        .isEqualTo(Map.of("default", "T", "tool_use", "U"));
    assertThatThrownBy(() -> TokenizerConfig.parse(utf8("{\"bos_token\":3}"), "c"))
        .isInstanceOf(ModelFormatException.class);
  }
}
