package org.tokapu.engine.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tokapu.base.json.Json;
import org.tokapu.base.json.JsonObject;
import org.tokapu.testkit.GoldenWeights;

class GoldenSamplingTests {
  static Stream<Arguments> cases() {
    return GoldenLogits.FILE.objects("cases").stream()
        .map(c ->
            Arguments.of(c.text("logits").orElseThrow() + " " + Json.write(c.list("steps")), c));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void chainsLeaveTheExpectedDistribution(String name, JsonObject expected) {
    SamplerChain chain = chain(expected.objects("steps"));
    TokenBuffer history = new TokenBuffer(GoldenLogits.ids(GoldenLogits.FILE.list("history")));
    float[] logits = GoldenLogits.vector(expected.text("logits").orElseThrow());

    Candidates left = chain.survivors(logits, history);

    int[] ids = GoldenLogits.ids(expected.list("ids"));
    double[] probabilities = GoldenLogits.doubles(expected.list("probs"));
    left.sort(left.size());
    assertThat(left.size()).isEqualTo(ids.length);
    for (int i = 0; i < ids.length; i++) {
      assertThat(left.probability(i)).isCloseTo(probabilities[i], within(1e-6));
    }
    if (expected.flag("tie_at_border").isEmpty()) {
      assertThat(IntStream.range(0, ids.length).map(left::id).toArray()).isEqualTo(ids);
    }
  }

  @Test
  void vectorsAreTheOnesOfTheFormula() {
    // A guard against a damaged file: the figures below belong to exactly these logits.
    float[] scales = {12, 4, 20};
    for (int v = 0; v < 3; v++) {
      String name = "abc".substring(v, v + 1);
      float[] formula = GoldenWeights.values("logits." + name, 1, 32, 0, scales[v]);
      assertThat(GoldenLogits.vector(name)).containsExactly(formula, within(1e-6f));
    }
  }

  /// Makes a chain in which each step of the case is the only thing that its parameters switch on.
  private static SamplerChain chain(List<JsonObject> steps) {
    List<SamplingStep> chain = new ArrayList<>();
    for (JsonObject step : steps) {
      Map.Entry<String, ?> entry = step.map().entrySet().iterator().next();
      SamplingParams params = params(step, entry.getKey());
      chain.addAll(Samplers.create(params, GoldenLogits.context()));
    }
    return SamplerChain.of(chain, 1);
  }

  private static SamplingParams params(JsonObject step, String name) {
    SamplingParams plain = SamplingParams.plain().withPenaltyWindow(-1);
    if (name.equals("frequency_presence")) {
      double[] both = GoldenLogits.doubles(step.list(name));
      return plain.withFrequencyPenalty(both[0]).withPresencePenalty(both[1]);
    }
    double value = step.number(name).orElseThrow();
    return switch (name) {
      case "temperature" -> plain.withTemperature(value);
      case "top_k" -> plain.withTopK((int) value);
      case "top_p" -> plain.withTopP(value);
      case "min_p" -> plain.withMinP(value);
      case "typical_p" -> plain.withTypicalP(value);
      case "repetition_penalty" -> plain.withRepetitionPenalty(value);
      default -> throw new AssertionError(name);
    };
  }
}
