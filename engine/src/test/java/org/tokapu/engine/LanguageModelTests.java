package org.tokapu.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tokapu.base.OutOfCapacityException;
import org.tokapu.base.TokapuException;
import org.tokapu.base.json.JsonObject;
import org.tokapu.engine.sampling.SamplingParams;
import org.tokapu.testkit.GoldenFolder;
import org.tokapu.testkit.TestData;

/// The Java API on a golden model; expected figures are those of transformers.
class LanguageModelTests {
  private static final JsonObject GOLDEN = TestData.json("golden/llama-mha.json");

  @TempDir static Path folder;

  @BeforeAll
  static void write() throws IOException {
    GoldenFolder.write(GOLDEN, folder);
  }

  private static LanguageModel open() {
    return LanguageModel.open(folder, ModelOptions.defaults().withSequences(3));
  }

  private static JsonObject sample(String name) {
    return GOLDEN.objects("cases").stream()
        .filter(c -> c.text("case").orElseThrow().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static int[] ids(JsonObject of, String key) {
    List<?> data =
        of.map().get(key) instanceof List<?> plain
            ? plain
            : of.object(key).orElseThrow().list("data");
    return data.stream().mapToInt(v -> ((Number) v).intValue()).toArray();
  }

  private static final int[] PROMPT = ids(sample("greedy"), "prompt_ids");
  private static final int[] NEW = ids(sample("greedy"), "new_ids");

  private static SamplingParams greedy(int tokens) {
    return SamplingParams.greedy().withMaxTokens(tokens);
  }

  @Test
  void greedyTokensAreThoseOfTransformers() {
    try (LanguageModel model = open();
        Generation generation = model.generate(PROMPT, greedy(NEW.length))) {
      List<Integer> seen = new ArrayList<>();
      for (GeneratedToken token : generation) {
        seen.add(token.id());
      }
      assertThat(seen.stream().mapToInt(i -> i).toArray()).containsExactly(NEW);
      assertThat(generation.ids()).containsExactly(NEW);
      assertThat(generation.finish()).contains(FinishReason.LENGTH);
      assertThat(generation.promptTokens()).isEqualTo(PROMPT.length);
    }
  }

  @Test
  void logProbabilitiesAreThoseOfTransformers() {
    JsonObject full = sample("full");
    int[] ids = ids(full, "input_ids");
    List<?> expected = full.object("next_logprob").orElseThrow().list("data");
    try (LanguageModel model = open()) {
      for (int i = 1; i < ids.length; i++) {
        int[] prompt = Arrays.copyOf(ids, i);
        int next = ids[i];
        SamplingParams params =
            SamplingParams.plain()
                .withMaxTokens(1)
                .withLogProbs(0)
                .withLogitBias(Map.of(next, 1000f));
        try (Generation generation = model.generate(prompt, params)) {
          GeneratedToken token = generation.iterator().next();
          assertThat(token.id()).isEqualTo(next);
          assertThat(token.logProbs().orElseThrow().logProb())
              .as("position " + i)
              // Float32 noise of at most 3e-6, in another order of additions.
              .isCloseTo(((Number) expected.get(i - 1)).doubleValue(), within(2e-5));
        }
      }
    }
  }

  @Test
  void aSeedGivesTheSameTokensWhateverRunsBeside() {
    SamplingParams params = SamplingParams.plain().withMaxTokens(12).withSeed(5);
    int[] alone;
    try (LanguageModel model = LanguageModel.open(folder, ModelOptions.defaults().withThreads(1));
        Generation generation = model.generate(PROMPT, params)) {
      generation.forEach(t -> {});
      alone = generation.ids();
    }
    try (LanguageModel model = open();
        Generation first = model.generate(PROMPT, params);
        Generation other = model.generate(new int[] {1, 2, 3}, params.withSeed(6));
        Generation second = model.generate(PROMPT, params)) {
      Iterator<GeneratedToken> a = first.iterator();
      Iterator<GeneratedToken> b = other.iterator();
      Iterator<GeneratedToken> c = second.iterator();
      while (a.hasNext() | b.hasNext() | c.hasNext()) {
        for (Iterator<GeneratedToken> each : List.of(a, b, c)) {
          if (each.hasNext()) {
            each.next();
          }
        }
      }
      assertThat(first.ids()).containsExactly(alone);
      assertThat(second.ids()).containsExactly(alone);
      assertThat(other.ids()).isNotEqualTo(alone);
    }
  }

  @Test
  void whatWasReadIsNotReadAgainAndChangesNothing() {
    try (LanguageModel model = open()) {
      int[] longer = new int[PROMPT.length + NEW.length];
      try (Generation first = model.generate(PROMPT, greedy(3))) {
        first.forEach(t -> {});
        assertThat(first.reusedTokens()).isZero();
      }
      System.arraycopy(PROMPT, 0, longer, 0, PROMPT.length);
      System.arraycopy(NEW, 0, longer, PROMPT.length, 2);
      int[] next = Arrays.copyOf(longer, PROMPT.length + 2);
      try (Generation second = model.generate(next, greedy(NEW.length - 2))) {
        second.forEach(t -> {});
        // The last token always runs again: its logits are needed.
        assertThat(second.reusedTokens()).isEqualTo(next.length - 1);
        assertThat(second.ids()).containsExactly(Arrays.copyOfRange(NEW, 2, NEW.length));
      }
      int[] other = PROMPT.clone();
      other[1] = (other[1] + 1) % 8;
      try (LanguageModel elsewhere = open();
          Generation third = model.generate(other, greedy(4));
          Generation fresh = elsewhere.generate(other, greedy(4))) {
        third.forEach(t -> {});
        fresh.forEach(t -> {});
        assertThat(third.reusedTokens()).isEqualTo(1);
        assertThat(third.ids()).containsExactly(fresh.ids());
      }
    }
  }

  @Test
  void cancellingEndsBeforeTheNextToken() {
    try (LanguageModel model = open();
        Generation generation = model.generate(PROMPT, greedy(NEW.length))) {
      Iterator<GeneratedToken> tokens = generation.iterator();
      tokens.next();
      generation.cancel();
      assertThat(tokens.hasNext()).isFalse();
      assertThat(generation.finish()).contains(FinishReason.CANCELLED);
      assertThat(generation.ids()).hasSize(1);
      assertThatThrownBy(generation::iterator).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void theEndOfTheContextEndsIt() {
    ModelOptions options = ModelOptions.defaults().withContext(PROMPT.length + 2);
    try (LanguageModel model = LanguageModel.open(folder, options);
        Generation generation = model.generate(PROMPT, greedy(-1))) {
      generation.forEach(t -> {});
      assertThat(generation.ids()).containsExactly(Arrays.copyOf(NEW, 2));
      assertThat(generation.finish()).contains(FinishReason.LENGTH);
    }
  }

  @Test
  void saysWhatIsWrong() {
    try (LanguageModel model = LanguageModel.open(folder, ModelOptions.defaults().withContext(4))) {
      assertThatThrownBy(() -> model.generate(new int[0], greedy(1)))
          .isInstanceOf(TokapuException.class)
          .hasMessageContaining("no tokens");
      assertThatThrownBy(() -> model.generate(new int[5], greedy(1)))
          .isInstanceOf(OutOfCapacityException.class)
          .hasMessageContaining("5 tokens")
          .hasMessageContaining("4");
      assertThatThrownBy(() -> model.generate("text", greedy(1)))
          .isInstanceOf(TokapuException.class)
          .hasMessageContaining("no tokenizer");
      for (int unknown : new int[] {1_000_000, -1}) {
        assertThatThrownBy(() -> model.generate(new int[] {1, unknown}, greedy(1)))
            .isInstanceOf(TokapuException.class)
            .hasMessageContaining("token id " + unknown);
      }
    }
  }
}
