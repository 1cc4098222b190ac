package org.tokapu.text.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tokapu.base.json.Json;
import org.tokapu.base.json.JsonObject;
import org.tokapu.testkit.TestData;
import org.tokapu.text.Encoding;
import org.tokapu.text.SpecialScope;
import org.tokapu.text.TokenDecoder;
import org.tokapu.text.Tokenizer;

/// Every part that a `tokenizer.json` may name, against figures of Hugging Face tokenizers (see the
/// README of the golden figures).
class TokenizerJsonGoldenTests {
  private static final JsonObject GOLDEN = TestData.json("golden/tokenizer-json.json");

  static Stream<Named<JsonObject>> tokenizers() {
    return GOLDEN.objects("tokenizers").stream()
        .map(t -> Named.of(t.text("name").orElseThrow(), t));
  }

  static Tokenizer open(JsonObject golden) {
    byte[] json =
        Json.write(golden.object("tokenizer").orElseThrow().map()).getBytes(StandardCharsets.UTF_8);
    return Tokenizers.fromTokenizerJson(json, null, golden.text("name").orElseThrow());
  }

  static List<String> texts() {
    return GOLDEN.list("texts").stream().map(t -> (String) Objects.requireNonNull(t)).toList();
  }

  private static List<?> list(@Nullable Object value) {
    return (List<?>) Objects.requireNonNull(value);
  }

  @ParameterizedTest
  @MethodSource("tokenizers")
  void agreesWithHuggingFace(JsonObject golden) {
    Tokenizer tokenizer = open(golden);
    int[] before = VectorTests.ints(list(golden.list("around").get(0)));
    int[] after = VectorTests.ints(list(golden.list("around").get(1)));
    SoftAssertions soft = new SoftAssertions();
    for (int i = 0; i < texts().size(); i++) {
      String text = texts().get(i);
      List<?> figures = list(golden.list("cases").get(i));
      int[] ids = VectorTests.ints(list(figures.get(0)));
      soft.assertThat(tokenizer.encode(text, SpecialScope.ALL)).as(text).isEqualTo(ids);
      Encoding places = tokenizer.encodeWithOffsets(text, SpecialScope.ALL, true);
      soft.assertThat(places.ids()).as(text).isEqualTo(joined(before, ids, after));
      if (figures.get(1) != null
          && places.ids().length == before.length + ids.length + after.length) {
        List<String> pieces = Arrays.stream(ids).mapToObj(tokenizer::piece).toList();
        soft.assertThat(starts(places, before.length, ids.length))
            .as(text)
            .isEqualTo(expectedStarts(text, list(figures.get(1)), pieces));
      }
      Object decoded = figures.get(2);
      String expected = decoded == null ? text : (String) decoded;
      soft.assertThat(tokenizer.decode(ids)).as(text).isEqualTo(expected);
      TokenDecoder stream = tokenizer.decoder();
      StringBuilder streamed = new StringBuilder();
      for (int id : ids) {
        streamed.append(stream.next(id));
      }
      soft.assertThat(streamed.append(stream.finish()).toString()).as(text).isEqualTo(expected);
    }
    soft.assertAll();
  }

  private static int[] joined(int[] a, int[] b, int[] c) {
    return Stream.of(a, b, c).flatMapToInt(Arrays::stream).toArray();
  }

  private static List<Integer> starts(Encoding places, int from, int count) {
    List<Integer> out = new ArrayList<>();
    for (int i = from; i < from + count; i++) {
      out.add(places.starts()[i]);
      assertThat(places.ends()[i]).isGreaterThanOrEqualTo(places.starts()[i]);
    }
    return out;
  }

  /// The figures count code points, and count a character for each of its tokens; we count chars,
  /// once. A space that was put in front spells the first char for them and nothing for us.
  private static List<Integer> expectedStarts(String text, List<?> spans, List<String> pieces) {
    int[] flat = VectorTests.ints(spans);
    List<Integer> out = new ArrayList<>();
    int last = 0;
    for (int i = 0; i < flat.length; i += 2) {
      int start = Math.max(last, text.offsetByCodePoints(0, flat[i]));
      boolean space = pieces.get(i / 2).equals("▁") || pieces.get(i / 2).equals("Ġ");
      if (space && i + 2 < flat.length && flat[i] == flat[i + 2]) {
        out.add(start);
        continue;
      }
      last = Math.max(start, text.offsetByCodePoints(0, flat[i + 1]));
      out.add(start);
    }
    return out;
  }
}
