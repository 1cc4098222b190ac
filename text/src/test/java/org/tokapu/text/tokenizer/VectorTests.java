package org.tokapu.text.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokapu.base.json.JsonObject;
import org.tokapu.testkit.TestData;
import org.tokapu.text.Encoding;
import org.tokapu.text.SpecialScope;
import org.tokapu.text.TokenDecoder;
import org.tokapu.text.Tokenizer;

/// Real tokenizers against the vectors of their own libraries: every text of every file.
class VectorTests {
  private static Path data(String path) {
    Optional<Path> file = TestData.find("tokenizers/" + path);
    assumeTrue(file.isPresent(), "SKIPPED: no reference data tokenizers/" + path);
    return file.get();
  }

  static int[] ints(List<? extends @Nullable Object> list) {
    return list.stream().mapToInt(i -> ((Long) Objects.requireNonNull(i)).intValue()).toArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "smollm2", "wordpiece"})
  void agreesWithHuggingFace(String name) throws IOException {
    Path file = data(name + "/tokenizer.json");
    Tokenizer tokenizer =
        Tokenizers.fromTokenizerJson(Files.readAllBytes(file), null, file.toString());
    SoftAssertions soft = new SoftAssertions();
    for (JsonObject c : TestData.json(data(name + "/vectors.json")).objects("cases")) {
      check(soft, tokenizer, c);
    }
    soft.assertAll();
  }

  static void check(SoftAssertions soft, Tokenizer tokenizer, JsonObject c) {
    String text = c.text("text").orElseThrow();
    int[] ids = ints(c.list("ids"));
    soft.assertThat(tokenizer.encode(text, SpecialScope.ALL)).as(text).isEqualTo(ids);
    soft.assertThat(tokenizer.encodePrompt(text, SpecialScope.ALL))
        .as(text)
        .isEqualTo(ints(c.list("ids_with_special")));
    Encoding encoding = tokenizer.encodeWithOffsets(text, SpecialScope.ALL, false);
    soft.assertThat(encoding.ids()).as(text).isEqualTo(ids);
    soft.assertThat(places(encoding)).as(text).isEqualTo(expectedPlaces(text, c));
    List<String> pieces = Arrays.stream(ids).mapToObj(tokenizer::piece).toList();
    soft.assertThat(pieces).as(text).isEqualTo(c.list("tokens"));
    soft.assertThat(tokenizer.decode(ids)).as(text).isEqualTo(c.text("decoded").orElseThrow());
    TokenDecoder stream = tokenizer.decoder();
    StringBuilder streamed = new StringBuilder();
    for (int id : ids) {
      streamed.append(stream.next(id));
    }
    soft.assertThat(streamed.append(stream.finish()).toString())
        .as(text)
        .isEqualTo(c.text("decoded").orElseThrow());
  }

  private static String places(Encoding encoding) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < encoding.ids().length; i++) {
      out.append(encoding.starts()[i]).append('-').append(encoding.ends()[i]).append(' ');
    }
    return out.toString();
  }

  /// The vectors count code points, and count a character for each of its tokens; we count chars,
  /// once.
  private static String expectedPlaces(String text, JsonObject c) {
    StringBuilder out = new StringBuilder();
    int last = 0;
    for (Object span : c.list("spans")) {
      List<?> pair = (List<?>) Objects.requireNonNull(span);
      int[] place = ints(pair);
      int start = Math.max(last, text.offsetByCodePoints(0, place[0]));
      last = Math.max(start, text.offsetByCodePoints(0, place[1]));
      out.append(start).append('-').append(last).append(' ');
    }
    return out.toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"r50k_base", "cl100k_base"})
  void agreesWithTiktoken(String name) throws IOException {
    Path file = data(name + "/" + name + ".tiktoken");
    Tokenizer tokenizer = Tokenizers.fromTiktoken(Files.readAllBytes(file), file.toString());
    SoftAssertions soft = new SoftAssertions();
    for (JsonObject c : TestData.json(data(name + "/vectors.json")).objects("cases")) {
      String text = c.text("text").orElseThrow();
      int[] ids = ints(c.list("ids"));
      soft.assertThat(tokenizer.encode(text)).as(text).isEqualTo(ids);
      soft.assertThat(tokenizer.encodeWithOffsets(text, SpecialScope.NONE, false).ids())
          .as(text)
          .isEqualTo(ids);
      soft.assertThat(tokenizer.decode(ids)).isEqualTo(text);
    }
    soft.assertAll();
    assertThat(tokenizer.vocabularySize()).isGreaterThan(50256);
  }
}
