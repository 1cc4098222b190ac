package org.tokapu.text.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokapu.base.ModelFormatException;
import org.tokapu.testkit.TestData;
import org.tokapu.text.Tokenizer;

/// GGUF vocabularies against llama.cpp's vectors: `.inp` and `.out` beside each file.
class GgufVectorTests {
  private static final String SEPARATOR = "\n__ggml_vocab_test__\n";

  @ParameterizedTest
  @ValueSource(strings = {"gpt-2", "falcon", "bert-bge"})
  void agreesWithLlamaCpp(String name) throws IOException {
    Optional<Path> found = TestData.find("tokenizers/gguf/ggml-vocab-" + name + ".gguf");
    assumeTrue(found.isPresent(), "SKIPPED: no reference data for " + name);
    Path file = found.get();
    Tokenizer tokenizer =
        Tokenizers.fromGguf(GgufMetadata.read(file), file.toString()).orElseThrow();
    String[] texts = Files.readString(Path.of(file + ".inp")).split(SEPARATOR, -1);
    List<String> lines = Files.readAllLines(Path.of(file + ".out"), StandardCharsets.UTF_8);
    SoftAssertions soft = new SoftAssertions();
    for (int i = 0; i < lines.size(); i++) {
      int[] expected =
          Arrays.stream(lines.get(i).strip().split(" +"))
              .filter(s -> !s.isEmpty())
              .mapToInt(Integer::parseInt)
              .toArray();
      soft.assertThat(tokenizer.encode(texts[i])).as(texts[i]).isEqualTo(expected);
      if (!name.equals("bert-bge")) {
        soft.assertThat(tokenizer.decode(expected)).isEqualTo(texts[i]);
      }
    }
    soft.assertAll();
    assertThat(lines.size()).isGreaterThan(40);
  }

  @Test
  void unknownNamesAreErrorsWithARemedy() {
    Map<String, Object> metadata =
        Map.of(
            "tokenizer.ggml.model",
            "gpt2",
            "tokenizer.ggml.pre",
            "no-such-pattern",
            "tokenizer.ggml.tokens",
            List.of("a", "b", "ab"),
            "tokenizer.ggml.merges",
            List.of("a b"));
    assertThatThrownBy(() -> Tokenizers.fromGguf(metadata, "x.gguf"))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("tokenizer.ggml.pre")
        .hasMessageContaining("tokenizer.json");
    assertThat(Tokenizers.fromGguf(Map.of("tokenizer.ggml.model", "none"), "x")).isEmpty();
  }
}
