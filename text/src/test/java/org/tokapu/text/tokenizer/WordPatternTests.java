package org.tokapu.text.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tokapu.base.json.JsonObject;
import org.tokapu.testkit.TestData;
import org.tokapu.text.Tokenizer;

/// The patterns that cut words, by name, against those that Python's regex cuts.
class WordPatternTests {
  private static final JsonObject GOLDEN = TestData.json("golden/word-patterns.json");

  static Stream<String> names() {
    return GOLDEN.object("lengths").orElseThrow().map().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void cutsAsThePatternSays(String name) {
    Splitter splitter = Objects.requireNonNull(GgufPatterns.of(name)).words();
    List<?> texts = GOLDEN.list("texts");
    List<?> lengths = GOLDEN.object("lengths").orElseThrow().list(name);
    for (int i = 0; i < texts.size(); i++) {
      String text = (String) Objects.requireNonNull(texts.get(i));
      List<String> expected = new ArrayList<>();
      int at = 0;
      for (int length : VectorTests.ints((List<?>) Objects.requireNonNull(lengths.get(i)))) {
        expected.add(text.substring(at, at + length));
        at += length;
      }
      assertThat(ByteBpeGoldenTests.words(splitter, text)).as(text).isEqualTo(expected);
    }
  }

  @Test
  void o200kYieldsTheIdsOfTiktoken() throws IOException {
    Optional<Path> found = TestData.find("tokenizers/o200k_base/o200k_base.tiktoken");
    assumeTrue(found.isPresent(), "SKIPPED: no reference data for o200k_base");
    Tokenizer tokenizer = Tokenizers.fromTiktoken(Files.readAllBytes(found.get()), "by its size");
    for (JsonObject c : TestData.json("golden/o200k.json").objects("cases")) {
      String text = c.text("text").orElseThrow();
      assertThat(tokenizer.encode(text)).as(text).isEqualTo(VectorTests.ints(c.list("ids")));
    }
    assertThat(tokenizer.special().byText()).containsEntry("<|endofprompt|>", 200018);
  }
}
