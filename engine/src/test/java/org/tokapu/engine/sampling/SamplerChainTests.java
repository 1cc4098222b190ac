package org.tokapu.engine.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.tokapu.base.TokapuException;

class SamplerChainTests {
  private static final SamplingContext CONTEXT = GoldenLogits.context();

  private static int[] run(SamplingParams params, int tokens) {
    SamplerChain chain = SamplerChain.of(params, CONTEXT);
    TokenBuffer history = new TokenBuffer(1);
    for (int i = 0; i < tokens; i++) {
      history.add(chain.sample(GoldenLogits.vector(i % 2 == 0 ? "b" : "a"), history));
    }
    return history.slice(1, history.length());
  }

  @Test
  void aSeedRepeatsAndAnotherDiffers() {
    SamplingParams params =
        SamplingParams.defaults().withXtc(0.5, 0.1).withRepetitionPenalty(1.1).withSeed(7);
    int[] first = run(params, 50);
    assertThat(run(params, 50)).isEqualTo(first);
    assertThat(run(params.withSeed(8), 50)).isNotEqualTo(first);
    assertThat(run(params.with(MirostatParams.DEFAULT), 50))
        .isEqualTo(run(params.with(MirostatParams.DEFAULT), 50));
  }

  @Test
  void aFreshSeedIsReportedAndRepeats() {
    SamplingParams params = SamplingParams.defaults().withTemperature(3);
    SamplerChain chain = SamplerChain.of(params, CONTEXT);
    TokenBuffer history = new TokenBuffer(1);
    for (int i = 0; i < 30; i++) {
      history.add(chain.sample(GoldenLogits.vector(i % 2 == 0 ? "b" : "a"), history));
    }
    assertThat(run(params.withSeed(chain.seed()), 30)).isEqualTo(history.slice(1, 31));
  }

  @Test
  void aTokenDependsOnItsPositionAndNotOnEarlierDraws() {
    SamplingParams params = SamplingParams.plain().withSeed(3);
    float[] b = GoldenLogits.vector("b");
    SamplerChain whole = SamplerChain.of(params, CONTEXT);
    TokenBuffer history = new TokenBuffer(1, 2, 3);
    for (int i = 0; i < 20; i++) {
      history.add(whole.sample(b, history));
    }
    // Resumed in the middle, with other things sampled in between.
    SamplerChain resumed = SamplerChain.of(params, CONTEXT);
    resumed.sample(GoldenLogits.vector("c"), new TokenBuffer(5));
    TokenBuffer rest = new TokenBuffer(history.slice(0, 11));
    for (int i = 0; i < 12; i++) {
      rest.add(resumed.sample(b, rest));
    }
    assertThat(rest.slice(0, 23)).isEqualTo(history.slice(0, 23));
  }

  @Test
  void drawsFollowTheDistribution() {
    float[] logits = GoldenLogits.vector("b");
    SamplerChain chain = SamplerChain.of(SamplingParams.plain().withSeed(1), CONTEXT);
    int draws = 50_000;
    int[] counts = new int[32];
    TokenBuffer history = new TokenBuffer();
    for (int i = 0; i < draws; i++) {
      counts[chain.sample(logits, history)]++;
      history.add(0);
    }
    Candidates all = chain.survivors(logits, history);
    double chiSquare = 0;
    for (int i = 0; i < all.size(); i++) {
      double expected = all.probability(i) * draws;
      chiSquare += Math.pow(counts[all.id(i)] - expected, 2) / expected;
    }
    // 31 degrees of freedom: exceeded with probability 1e-4, and a fixed seed.
    assertThat(chiSquare).isBetween(8.0, 70.0);
  }

  @Test
  void greedyTakesTheLikeliestOfLowestId() {
    Random random = new Random(5);
    for (int n : new int[] {1, 2, 1000, 50_000}) {
      float[] logits = new float[n];
      int best = 0;
      for (int i = 0; i < n; i++) {
        logits[i] = random.nextInt(200) - 100;
        best = logits[i] > logits[best] ? i : best;
      }
      SamplerChain chain = SamplerChain.of(SamplingParams.greedy(), GoldenLogits.contextOf(n));
      assertThat(chain.sample(logits, new TokenBuffer())).isEqualTo(best);
    }
    SamplerChain chain = SamplerChain.of(SamplingParams.greedy(), CONTEXT);
    assertThat(chain.sample(new float[] {-1, -0f, 0f}, new TokenBuffer())).isEqualTo(1);
  }

  @Test
  void greedyHeedsBiasesAndIgnoresTruncation() {
    float[] a = GoldenLogits.vector("a");
    float[] copy = a.clone();
    SamplingParams params =
        SamplingParams.greedy().withTopK(3).withLogitBias(Map.of(15, -10f, 2, 9f));
    assertThat(SamplerChain.of(params, CONTEXT).sample(a, new TokenBuffer())).isEqualTo(2);
    assertThat(a).as("the caller's logits").isEqualTo(copy);
  }

  @Test
  void endOfAnswerWaitsForTheLeastTokens() {
    float[] logits = new float[32];
    logits[2] = 50; // the end
    SamplerChain chain = SamplerChain.of(SamplingParams.greedy().withMinTokens(3), CONTEXT);
    TokenBuffer history = new TokenBuffer(9, 9);
    for (int i = 0; i < 3; i++) {
      int id = chain.sample(logits, history);
      assertThat(id).isNotEqualTo(2);
      history.add(id);
    }
    assertThat(chain.sample(logits, history)).isEqualTo(2);
    SamplerChain never = SamplerChain.of(SamplingParams.greedy().withIgnoreEos(true), CONTEXT);
    assertThat(never.sample(logits, history)).isNotEqualTo(2);
  }

  @Test
  void numbersThatAreNoneAreTheModelsFault() {
    SamplerChain chain = SamplerChain.of(SamplingParams.defaults(), CONTEXT);
    SamplerChain biased =
        SamplerChain.of(SamplingParams.greedy().withLogitBias(Map.of(1, 1f)), CONTEXT);
    float none = Float.NEGATIVE_INFINITY;
    for (SamplerChain c : List.of(chain, biased)) {
      for (float[] bad :
          new float[][] {
            {0, Float.NaN, 1},
            {Float.POSITIVE_INFINITY, 0, 1},
            {none, none, none},
            {none, 0, Float.NaN}
          }) {
        assertThatThrownBy(() -> c.sample(bad, new TokenBuffer()))
            .isInstanceOf(TokapuException.class)
            .hasMessageContaining("the model produced invalid numbers");
      }
    }
    assertThat(chain.sample(new float[] {none, none, 0}, new TokenBuffer())).isEqualTo(2);
  }

  @Test
  void rulingOutEverythingIsAnErrorOfItsOwn() {
    SamplingParams params = SamplingParams.plain().withBannedTokens(Set.of(0, 1, 2));
    assertThatThrownBy(
            () -> SamplerChain.of(params, CONTEXT).sample(new float[3], new TokenBuffer()))
        .isInstanceOf(TokapuException.class)
        .hasMessageContaining("rule out all 3");
  }

  @Test
  void idsOutsideTheVocabularyAreRefused() {
    assertThatThrownBy(
            () -> SamplerChain.of(SamplingParams.plain().withLogitBias(Map.of(32, 1f)), CONTEXT))
        .isInstanceOf(TokapuException.class)
        .hasMessage("logit bias: the vocabulary has the tokens 0 to 31, not 32");
    assertThatThrownBy(
            () -> SamplerChain.of(SamplingParams.plain().withBannedTokens(Set.of(-1)), CONTEXT))
        .isInstanceOf(TokapuException.class);
  }
}
