package org.tokapu.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokapu.base.json.JsonObject;
import org.tokapu.engine.sampling.SamplingParams;
import org.tokapu.testkit.TestData;

/// Greedy continuations of transformers, from files on disk to ids, without reference data.
class GoldenGenerationTests {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"llama-mha", "gpt2", "qwen3"})
  void greedyIds(String name) {
    JsonObject greedy =
        TestData.json("golden/" + name + ".json").objects("cases").stream()
            .filter(c -> c.text("case").orElseThrow().equals("greedy"))
            .findFirst()
            .orElseThrow();
    int[] prompt = ints(greedy.object("prompt_ids").orElseThrow(), "data");
    int[] expected = ints(greedy, "new_ids");
    SamplingParams params =
        SamplingParams.greedy().withMaxTokens(expected.length).withIgnoreEos(true);
    try (Model model = Model.open(TinyModel.golden(name, folder))) {
      Completion found = model.generate(Prompt.ids(prompt), params).complete();
      assertThat(found.ids()).isEqualTo(expected);
      assertThat(found.end().reason()).isEqualTo(FinishReason.LENGTH);
      assertThat(found.text()).as("a model without a tokenizer has no text").isEmpty();
      assertThat(model.endOfGeneration()).containsExactly(2);
    }
  }

  private static int[] ints(JsonObject of, String key) {
    return of.list(key).stream().mapToInt(v -> ((Number) v).intValue()).toArray();
  }
}
