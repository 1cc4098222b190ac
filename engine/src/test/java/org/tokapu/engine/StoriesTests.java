package org.tokapu.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokapu.base.json.JsonObject;
import org.tokapu.engine.sampling.LogProbs;
import org.tokapu.engine.sampling.SamplingParams;
import org.tokapu.model.file.SafetensorsFile;
import org.tokapu.testkit.TestData;
import org.tokapu.text.Tokenizer;

/// A really trained LLaMA, beside what transformers computed.
class StoriesTests {
  private static Path folder = Path.of("");

  @BeforeAll
  static void find() {
    Optional<Path> found = TestData.find("models/stories260K");
    assumeTrue(found.isPresent(), "SKIPPED: models/stories260K is not here");
    folder = found.get();
  }

  private static LanguageModel open(String file, ModelOptions options) {
    return LanguageModel.open(file.isEmpty() ? folder : folder.resolve(file), options);
  }

  private static int[] ids(SafetensorsFile file, String name) {
    long[] values = file.longs(file.find(name).orElseThrow());
    return Arrays.stream(values).mapToInt(Math::toIntExact).toArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "stories260K-F32.gguf", "stories260K.bin"})
  void greedyIdsAndTheirLogProbabilities(String file) {
    try (LanguageModel model = open(file, ModelOptions.defaults());
        SafetensorsFile expected = SafetensorsFile.open(folder.resolve("expected.safetensors"))) {
      for (int c = 0; c < 5; c++) {
        int[] prompt = ids(expected, c + ".input_ids");
        int[] all = ids(expected, c + ".greedy_ids");
        float[] logProbs = expected.floats(expected.find(c + ".greedy_logprob").orElseThrow());
        int tokens = all.length - prompt.length;
        SamplingParams params =
            SamplingParams.greedy().withMaxTokens(tokens).withIgnoreEos(true).withLogProbs(1);
        List<LogProbs> found = new ArrayList<>();
        try (Generation generation = model.generate(prompt, params)) {
          generation.forEach(token -> found.add(token.logProbs().orElseThrow()));
        }
        assertThat(found.stream().mapToInt(LogProbs::id).toArray())
            .isEqualTo(Arrays.copyOfRange(all, prompt.length, all.length));
        for (int i = 0; i < tokens; i++) {
          // The reference lists every token after the first of the whole sequence. Float32 in
          // another order of additions: 1e-4, as for logits.
          float reference = logProbs[prompt.length - 1 + i];
          assertThat(found.get(i).logProb()).isCloseTo(reference, within(1e-4));
          assertThat(found.get(i).top().getFirst().id()).isEqualTo(found.get(i).id());
        }
      }
    }
  }

  @Test
  void theTextGoesOnWhereThePromptEnds() {
    JsonObject cases = TestData.json(folder.resolve("cases.json"));
    try (LanguageModel model = open("stories260K-F32.gguf", ModelOptions.defaults());
        SafetensorsFile expected = SafetensorsFile.open(folder.resolve("expected.safetensors"))) {
      Tokenizer tokenizer = model.tokenizer().orElseThrow();
      for (int c = 0; c < 5; c++) {
        String prompt = cases.objects("cases").get(c).text("prompt").orElseThrow();
        int[] all = ids(expected, c + ".greedy_ids");
        int tokens = all.length - ids(expected, c + ".input_ids").length;
        SamplingParams params = SamplingParams.greedy().withMaxTokens(tokens).withIgnoreEos(true);
        assertThat(prompt + model.complete(prompt, params)).isEqualTo(tokenizer.decode(all));
      }
    }
  }

  @Test
  void aSeedRepeatsWhateverTheThreadsAndChunks() {
    SamplingParams params = SamplingParams.defaults().withSeed(42).withMaxTokens(60);
    int[] prompt = {1, 317, 269, 274, 287, 263, 377, 267, 265, 282, 295, 433, 426};
    List<int[]> found = new ArrayList<>();
    for (int threads : new int[] {1, 2, 4}) {
      for (int chunk : new int[] {1, 7, 512}) {
        ModelOptions options = ModelOptions.defaults().withThreads(threads).withChunk(chunk);
        try (LanguageModel model = open("", options);
            Generation generation = model.generate(prompt, params)) {
          generation.forEach(token -> {});
          found.add(generation.ids());
        }
      }
    }
    assertThat(found).allSatisfy(ids -> assertThat(ids).isEqualTo(found.getFirst()));
    assertThat(found.getFirst()).hasSizeGreaterThan(10);
  }

  @Test
  void perplexityIsThatOfTheReference() {
    JsonObject reference = TestData.json(folder.resolve("loglik.json"));
    try (LanguageModel model = open("", ModelOptions.defaults())) {
      for (JsonObject story : reference.objects("stories").subList(0, 2)) {
        int[] ids = story.list("ids").stream().mapToInt(n -> ((Number) n).intValue()).toArray();
        Perplexity found = Perplexity.of(model.inference(), ids, model.context(), read -> {});
        assertThat(found.tokens()).isEqualTo(ids.length - 1);
        double expected = -story.number("sum_logprob").orElseThrow();
        assertThat(found.nll()).isCloseTo(expected, within(1e-4 * ids.length));
      }
    }
  }
}
