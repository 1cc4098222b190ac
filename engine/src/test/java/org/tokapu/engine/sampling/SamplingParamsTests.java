package org.tokapu.engine.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tokapu.base.TokapuException;

class SamplingParamsTests {
  static Stream<Arguments> wrong() {
    return Stream.of(
        of("temperature must be between 0 and 100, is -0.1", p -> p.withTemperature(-0.1)),
        of("temperature must be between 0 and 100, is NaN", p -> p.withTemperature(Double.NaN)),
        of("top_k must be at least 0, is -1", p -> p.withTopK(-1)),
        of("top_p must be between 0 and 1, is 1.5", p -> p.withTopP(1.5)),
        of("min_p must be between 0 and 1, is -1.0", p -> p.withMinP(-1)),
        of("typical_p must be between 0 and 1, is 2.0", p -> p.withTypicalP(2)),
        of("xtc_probability must be between 0 and 1, is 2.0", p -> p.withXtc(2, 0.1)),
        of("xtc_threshold must be between 0 and 1, is -0.5", p -> p.withXtc(1, -0.5)),
        of(
            "repetition_penalty must be between 0.01 and 100, is 0.0",
            p -> p.withRepetitionPenalty(0)),
        of(
            "frequency_penalty must be between -100 and 100, is Infinity",
            p -> p.withFrequencyPenalty(Double.POSITIVE_INFINITY)),
        of(
            "presence_penalty must be between -100 and 100, is 101.0",
            p -> p.withPresencePenalty(101)),
        of("penalty_window must be at least -1, is -2", p -> p.withPenaltyWindow(-2)),
        of("max_tokens must be at least -1, is -2", p -> p.withMaxTokens(-2)),
        of("min_tokens must be at least 0, is -1", p -> p.withMinTokens(-1)),
        of("log_probs must be between -1 and 1000, is 1001", p -> p.withLogProbs(1001)),
        of(
            "dry_base must be between 1 and 100, is 0.5",
            p -> p.with(new DryParams(1, 0.5, 2, -1, List.of()))),
        of(
            "dry_breakers must not contain the empty text",
            p -> p.with(new DryParams(1, 2, 2, -1, List.of("")))),
        of("mirostat_eta must be between 0 and 1, is 3.0", p -> p.with(new MirostatParams(5, 3))),
        of("a stop string must not be empty", p -> p.withStop("a", "")),
        of("a stop string must not contain half a surrogate pair", p -> p.withStop("\ud83d")),
        of(
            "the logit bias of token 5 must be a number or -Infinity, is NaN",
            p -> p.withLogitBias(Map.of(5, Float.NaN))));
  }

  private static Arguments of(String message, UnaryOperator<SamplingParams> change) {
    return Arguments.of(message, change);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrong")
  void valuesOutOfRangeAreNamed(String message, UnaryOperator<SamplingParams> change) {
    assertThatThrownBy(() -> change.apply(SamplingParams.defaults()))
        .isInstanceOf(TokapuException.class)
        .hasMessage(message);
  }

  @Test
  void everyChangeChangesOneThing() {
    SamplingParams p =
        SamplingParams.plain()
            .withTemperature(0.5)
            .withTopK(3)
            .withTopP(0.4)
            .withMinP(0.2)
            .withTypicalP(0.3)
            .withXtc(0.6, 0.2)
            .withRepetitionPenalty(1.2)
            .withFrequencyPenalty(0.3)
            .withPresencePenalty(0.7)
            .withPenaltyWindow(9)
            .withLogitBias(Map.of(1, 2f))
            .withBannedTokens(Set.of(4))
            .withMaxTokens(8)
            .withMinTokens(2)
            .withIgnoreEos(true)
            .withStop("x", "y")
            .withSeed(77)
            .withLogProbs(5);
    assertThat(p.temperature()).isEqualTo(0.5);
    assertThat(p.truncation()).isEqualTo(new Truncation(3, 0.3, 0.4, 0.2, 0.6, 0.2));
    assertThat(p.penalties()).isEqualTo(new Penalties(1.2, 0.3, 0.7, 9));
    assertThat(p.tokens()).isEqualTo(new TokenRules(Map.of(1, 2f), Set.of(4)));
    assertThat(p.limits()).isEqualTo(new Limits(8, 2, true, List.of("x", "y")));
    assertThat(p.seed()).hasValue(77);
    assertThat(p.logProbs()).isEqualTo(5);
  }
}
