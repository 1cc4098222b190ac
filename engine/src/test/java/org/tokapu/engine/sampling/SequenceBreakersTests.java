package org.tokapu.engine.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.tokapu.base.json.JsonObject;
import org.tokapu.model.source.ModelSource;
import org.tokapu.model.source.ModelSources;
import org.tokapu.testkit.TestData;
import org.tokapu.text.Tokenizer;

class SequenceBreakersTests {
  private static final String[] TOKENS = {"a", "b", "ab", "ba\n", "\n\na", "가", "abab"};

  private static byte[] bytes(int id) {
    return TOKENS[id].getBytes(StandardCharsets.UTF_8);
  }

  private static SequenceBreakers of(String... texts) {
    return new SequenceBreakers(
        TOKENS.length,
        SequenceBreakersTests::bytes,
        List.of(texts).stream().map(t -> t.getBytes(StandardCharsets.UTF_8)).toList());
  }

  @Test
  void tokensThatContainABreakerBreakAlone() {
    SequenceBreakers breakers = of("\n", "bab");
    assertThat(IntStream.range(0, TOKENS.length).filter(breakers::breaksAlone))
        .containsExactly(3, 4, 6);
    assertThat(SequenceBreakers.NONE.breaksAlone(3)).isFalse();
  }

  @Test
  void breaksAreFoundAcrossTokensAsTheHistoryGrows() {
    String[] texts = {"aba", "b\n", "가a"};
    Random random = new Random(8);
    for (int round = 0; round < 300; round++) {
      SequenceBreakers.Tracker tracker = of(texts).track();
      TokenBuffer history = new TokenBuffer();
      StringBuilder text = new StringBuilder();
      int lastBreak = 0;
      for (int i = 1; i <= 30; i++) {
        int id = random.nextInt(TOKENS.length);
        int before = text.length();
        text.append(TOKENS[id]);
        history.add(id);
        for (String breaker : texts) {
          lastBreak =
              text.lastIndexOf(breaker) + breaker.length() > before
                      && text.lastIndexOf(breaker) >= 0
                  ? i
                  : lastBreak;
        }
        if (random.nextBoolean()) {
          assertThat(tracker.tokensSinceBreak(history)).isEqualTo(i - lastBreak);
        }
      }
    }
  }

  @Test
  void aShorterHistoryIsReadAnew() {
    SequenceBreakers.Tracker tracker = of("b").track();
    assertThat(tracker.tokensSinceBreak(new TokenBuffer(0, 0, 1, 0))).isEqualTo(1);
    assertThat(tracker.tokensSinceBreak(new TokenBuffer(1, 0, 0))).isEqualTo(2);
  }

  @Test
  void breakersOfARealVocabularyAreThoseOfLlamaCpp() {
    Optional<Path> file = TestData.find("models/stories260K/stories260K-F32.gguf");
    assumeTrue(file.isPresent(), "SKIPPED: models/stories260K is not here");
    try (ModelSource source = ModelSources.open(file.get())) {
      Optional<Tokenizer> tokenizer = source.tokenizer();
      assumeTrue(tokenizer.isPresent(), "SKIPPED: no tokenizer for this vocabulary");
      SamplingContext context = new SamplingContext(512, Set.of(), tokenizer);
      for (JsonObject c : TestData.json("golden/dry-stories260k.json").objects("cases")) {
        SamplingParams params = SamplingParams.plain().with(DryParams.NONE.withMultiplier(0.8));
        float[] logits = new float[512];
        for (SamplingStep step : Samplers.create(params, context)) {
          TokenHistory history = new TokenBuffer(GoldenLogits.ids(c.list("history")));
          ((LogitsProcessor) step).apply(logits, history);
        }
        float[] expected = new float[512];
        for (Object pair : c.list("changed")) {
          double[] idAndLogit =
              ((List<?>) pair).stream().mapToDouble(n -> ((Number) n).doubleValue()).toArray();
          expected[(int) idAndLogit[0]] = (float) idAndLogit[1];
        }
        assertThat(logits).containsExactly(expected, within(1e-3f));
      }
    }
  }
}
