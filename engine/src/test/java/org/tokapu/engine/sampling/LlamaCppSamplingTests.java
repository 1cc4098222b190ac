package org.tokapu.engine.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tokapu.base.json.JsonObject;
import org.tokapu.testkit.TestData;

/// The steps beside llama.cpp's, over figures that its sampler functions gave.
class LlamaCppSamplingTests {
  private static final JsonObject FILE = TestData.json("golden/sampling-llamacpp.json");
  private static final CounterRandom NO_CHANCE = new CounterRandom(0);
  // llama.cpp computes in float32: a few units in the last place.
  private static final Percentage FLOAT = Percentage.withPercentage(1e-4);

  private static Stream<JsonObject> of(String kind) {
    return FILE.objects("cases").stream().filter(c -> c.text("kind").orElseThrow().equals(kind));
  }

  static Stream<JsonObject> dry() {
    return of("dry");
  }

  static Stream<JsonObject> logitBias() {
    return of("logit_bias");
  }

  static Stream<JsonObject> penalties() {
    return of("penalties");
  }

  static Stream<JsonObject> xtc() {
    return of("xtc");
  }

  static Stream<JsonObject> mirostat() {
    return of("mirostat");
  }

  @ParameterizedTest
  @MethodSource
  void dry(JsonObject c) {
    List<byte[]> breakers = new ArrayList<>();
    for (Object sequence : c.list("breakers")) {
      List<?> ids = (List<?>) sequence;
      byte[] bytes = new byte[ids.size()]; // every token stands for one byte
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = ((Number) ids.get(i)).byteValue();
      }
      breakers.add(bytes);
    }
    DryParams params =
        new DryParams(
            c.number("multiplier").orElseThrow(),
            c.number("base").orElseThrow().floatValue(), // a float there, raised to high powers
            c.integer("allowedLength").orElseThrow(),
            c.integer("window").orElseThrow(),
            List.of());
    float[] before = logits(c);
    float[] after = before.clone();

    new Dry(params, new SequenceBreakers(32, id -> new byte[] {(byte) id}, breakers))
        .apply(after, history(c));

    float[] expected = before.clone();
    int[] ids = GoldenLogits.ids(c.list("changedIds"));
    for (int i = 0; i < ids.length; i++) {
      expected[ids[i]] = GoldenLogits.floats(c.list("changedLogits"))[i];
    }
    same(after, expected);
  }

  @ParameterizedTest
  @MethodSource
  void logitBias(JsonObject c) {
    Map<Integer, Float> biases = new HashMap<>();
    int[] ids = GoldenLogits.ids(c.list("ids"));
    for (int i = 0; i < ids.length; i++) {
      biases.put(ids[i], GoldenLogits.floats(c.list("biases"))[i]);
    }
    check(c, SamplingParams.plain().withLogitBias(biases), new TokenBuffer());
  }

  @ParameterizedTest
  @MethodSource
  void penalties(JsonObject c) {
    SamplingParams params =
        SamplingParams.plain()
            .with(
                new Penalties(
                    c.number("repetition").orElseThrow(),
                    c.number("frequency").orElseThrow(),
                    c.number("presence").orElseThrow(),
                    c.integer("window").orElseThrow()));
    check(c, params, history(c));
  }

  @ParameterizedTest
  @MethodSource
  void xtc(JsonObject c) {
    Candidates candidates = new Candidates();
    candidates.reset(logits(c));
    double threshold = c.number("threshold").orElseThrow();
    SamplingParams params = SamplingParams.plain().withXtc(1, threshold);
    for (SamplingStep step : Samplers.create(params, GoldenLogits.context())) {
      ((Sampler) step).apply(candidates, NO_CHANCE);
    }
    int[] expected = GoldenLogits.ids(c.list("survivors"));
    assertThat(candidates.size()).isEqualTo(expected.length);
    if (!c.text("logits").orElseThrow().equals("d")) {
      assertThat(ids(candidates)).containsExactlyInAnyOrder(boxed(expected));
    }
  }

  @ParameterizedTest
  @MethodSource
  void mirostat(JsonObject c) {
    MirostatV2 mirostat =
        new MirostatV2(c.number("tau").orElseThrow(), c.number("eta").orElseThrow());
    Candidates candidates = new Candidates();
    for (JsonObject step : c.objects("steps")) {
      candidates.reset(logits(step));
      mirostat.apply(candidates, NO_CHANCE);
      assertThat(ids(candidates))
          .containsExactlyInAnyOrder(boxed(GoldenLogits.ids(step.list("survivors"))));
      int drawn = step.integer("drawn").orElseThrow();
      double probability = candidates.probability(ids(candidates).indexOf(drawn));
      assertThat(probability).isCloseTo(step.number("probability").orElseThrow(), within(1e-5));
      mirostat.drawn(drawn, probability);
    }
  }

  private static void check(JsonObject c, SamplingParams params, TokenHistory history) {
    float[] logits = logits(c);
    for (SamplingStep step : Samplers.create(params, GoldenLogits.context())) {
      ((LogitsProcessor) step).apply(logits, history);
    }
    same(logits, GoldenLogits.floats(c.list("result")));
  }

  private static void same(float[] actual, float[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      if (Float.isInfinite(expected[i])) {
        assertThat(actual[i]).isEqualTo(expected[i]);
      } else {
        assertThat(actual[i]).isCloseTo(expected[i], FLOAT);
      }
    }
  }

  private static List<Integer> ids(Candidates candidates) {
    return IntStream.range(0, candidates.size()).map(candidates::id).boxed().toList();
  }

  private static Integer[] boxed(int[] ids) {
    return IntStream.of(ids).boxed().toArray(Integer[]::new);
  }

  private static float[] logits(JsonObject c) {
    return GoldenLogits.vector(c.text("logits").orElseThrow());
  }

  private static TokenBuffer history(JsonObject c) {
    return new TokenBuffer(GoldenLogits.ids(c.list("history")));
  }
}
