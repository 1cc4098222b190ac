package org.tokapu.engine.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokapu.model.file.SafetensorsFile;
import org.tokapu.testkit.TestData;

/// The steps beside the processors and warpers of transformers, on logits of a model.
class TransformersSamplingTests {
  private static final int VOCABULARY = 64;

  /// What the fixture writes for minus infinity.
  private static final float NONE = -1e30f;

  /// By the fixture's name of a case; penalties there reach over the whole history.
  private static final Map<String, SamplingParams> CASES =
      Map.of(
          "rep1.3", plain().withRepetitionPenalty(1.3),
          "openai_freq0.5_pres0.3", plain().withFrequencyPenalty(0.5).withPresencePenalty(0.3),
          "min_length20", plain().withMinTokens(20),
          "temperature0.7", plain().withTemperature(0.7),
          "top_k5", plain().withTopK(5),
          "top_p0.8", plain().withTopP(0.8),
          "typical0.6", plain().withTypicalP(0.6),
          "min_p0.1", plain().withMinP(0.1));

  private static SamplingParams plain() {
    return SamplingParams.plain().withPenaltyWindow(-1);
  }

  private static SafetensorsFile open() {
    Optional<Path> file = TestData.find("fixtures/train-llama/expected.safetensors");
    assumeTrue(file.isPresent(), "SKIPPED: fixtures/train-llama is not here");
    return SafetensorsFile.open(file.get());
  }

  private static float[] floats(SafetensorsFile file, String name) {
    return file.floats(file.find(name).orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rep1.3",
        "openai_freq0.5_pres0.3",
        "min_length20",
        "temperature0.7",
        "top_k5",
        "top_p0.8",
        "typical0.6",
        "min_p0.1"
      })
  void logitsAfterwards(String name) {
    try (SafetensorsFile file = open()) {
      float[] scores = floats(file, "lp.scores");
      float[] expected = floats(file, "lp.out." + name);
      long[] history = file.longs(file.find("lp.history").orElseThrow());
      for (int row = 0; row < 2; row++) {
        TokenBuffer before = new TokenBuffer(); // there all of the history counts as generated
        Arrays.stream(history, row * 12, row * 12 + 12).forEach(id -> before.add((int) id));
        SamplerChain chain =
            SamplerChain.of(CASES.getOrDefault(name, plain()), GoldenLogits.contextOf(VOCABULARY));
        float[] logits = Arrays.copyOfRange(scores, row * VOCABULARY, (row + 1) * VOCABULARY);
        Candidates left = chain.survivors(logits, before);
        float[] found = new float[VOCABULARY];
        Arrays.fill(found, NONE);
        for (int i = 0; i < left.size(); i++) {
          found[left.id(i)] = (float) left.logit(i);
        }
        for (int id = 0; id < VOCABULARY; id++) {
          // One operation in float32 there, rounded once here.
          assertThat(found[id])
              .as("token " + id)
              .isCloseTo(expected[row * VOCABULARY + id], within(1e-6f));
        }
      }
    }
  }

  @Test
  void everyCaseSaysSomething() {
    try (SafetensorsFile file = open()) {
      float[] scores = floats(file, "lp.scores");
      CASES
          .keySet()
          .forEach(
              name -> assertThat(floats(file, "lp.out." + name)).as(name).isNotEqualTo(scores));
    }
  }
}
