package org.tokapu.engine.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.tokapu.base.TokapuException;

/// What every registered step must do, and every sampler against a plain one that sorts everything.
class SamplersTests {
  /// Parameters that switch exactly one step on, by the step's name. A new step needs a line.
  private static final Map<String, SamplingParams> ON = on();

  /// The samplers as their definitions say, over candidates in falling order.
  private static final Map<String, Function<List<P>, List<P>>> PLAIN = plain();

  static final List<Samplers.Entry> ALL =
      Stream.of(Samplers.PROCESSORS, Samplers.SAMPLERS, Samplers.DECIDERS)
          .flatMap(List::stream)
          .toList();
  static final List<Samplers.Entry> PROCESSORS = Samplers.PROCESSORS;
  static final List<Samplers.Entry> CHOOSING =
      Stream.of(Samplers.SAMPLERS, Samplers.DECIDERS).flatMap(List::stream).toList();

  private record P(int id, double logit, double p) {}

  private static Map<String, SamplingParams> on() {
    SamplingParams plain = SamplingParams.plain();
    return Map.ofEntries(
        Map.entry("logit_bias", plain.withLogitBias(Map.of(0, 1.5f))),
        Map.entry("banned_tokens", plain.withBannedTokens(Set.of(0))),
        Map.entry("ignore_eos", plain.withIgnoreEos(true)),
        Map.entry("min_tokens", plain.withMinTokens(4)),
        Map.entry("repetition_penalty", plain.withRepetitionPenalty(1.3)),
        Map.entry("frequency_presence", plain.withFrequencyPenalty(0.5)),
        Map.entry("dry", plain.with(DryParams.NONE.withMultiplier(0.8))),
        Map.entry("top_k", plain.withTopK(5)),
        Map.entry("typical_p", plain.withTypicalP(0.7)),
        Map.entry("top_p", plain.withTopP(0.9)),
        Map.entry("min_p", plain.withMinP(0.05)),
        Map.entry("xtc", plain.withXtc(1, 0.01)),
        Map.entry("temperature", plain.withTemperature(1.7)),
        Map.entry("mirostat", plain.with(new MirostatParams(1.5, 0.1))),
        Map.entry("greedy", plain.withTemperature(0)));
  }

  private static Map<String, Function<List<P>, List<P>>> plain() {
    return Map.of(
        "top_k",
            c -> c.stream().filter(p -> p.logit >= c.get(Math.min(5, c.size()) - 1).logit).toList(),
        "top_p", c -> mass(c, 0.9, p -> -p.logit),
        "typical_p",
            c -> {
              double entropy = -c.stream().mapToDouble(p -> p.p * Math.log(p.p)).sum();
              return mass(c, 0.7, p -> (float) Math.abs(-Math.log(p.p) - entropy));
            },
        "min_p", c -> c.stream().filter(p -> p.p >= 0.05 * c.getFirst().p).toList(),
        "xtc",
            c -> {
              long above = c.stream().filter(p -> p.p >= 0.01).count();
              return c.subList((int) Math.max(0, above - 1), c.size());
            },
        "temperature", c -> c,
        "mirostat",
            c -> {
              List<P> left = c.stream().filter(p -> -Math.log(p.p) / Math.log(2) <= 3).toList();
              return left.isEmpty() ? c.subList(0, 1) : left;
            },
        "greedy", c -> c.subList(0, 1));
  }

  private static List<P> mass(List<P> all, double mass, ToDoubleFunction<P> order) {
    List<P> sorted = new ArrayList<>(all);
    sorted.sort(Comparator.comparingDouble(order).thenComparingInt(P::id));
    double before = 0;
    int n = 0;
    while (n < sorted.size() && (n == 0 || before < mass)) {
      before += sorted.get(n++).p;
    }
    return sorted.subList(0, n);
  }

  private static List<SamplingStep> steps(Samplers.Entry entry, int vocabulary) {
    assertThat(ON).as("parameters for a new step").containsKey(entry.name());
    return Samplers.create(ON.get(entry.name()), GoldenLogits.contextOf(vocabulary));
  }

  @Test
  void namesAreDistinct() {
    assertThat(ALL.stream().map(Samplers.Entry::name)).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @FieldSource("ALL")
  void isOffUnlessAskedAndAloneWhenAsked(Samplers.Entry entry) {
    SamplingContext context = GoldenLogits.context();
    assertThat(entry.factory().create(SamplingParams.plain(), context)).isEmpty();
    List<SamplingStep> steps = steps(entry, 32);
    // Mirostat and greedy decide alone; a temperature of 0 is no division.
    assertThat(steps).hasSize(1);
    assertThat(entry.factory().create(ON.get(entry.name()), context)).isPresent();
  }

  @ParameterizedTest
  @FieldSource("PROCESSORS")
  void processorsChangeNoLogitOfAnotherToken(Samplers.Entry entry) {
    float[] logits = logits(new Random(3), 32, 0);
    float[] before = logits.clone();
    // 1 2 3 1 2: penalties concern 1, 2 and 3, rules 0, the end of an answer is 2.
    TokenBuffer history = new TokenBuffer(1, 2, 3, 1, 2);
    for (SamplingStep step : steps(entry, 32)) {
      ((LogitsProcessor) step).apply(logits, history);
    }
    assertThat(logits).isNotEqualTo(before);
    for (int id = 4; id < 32; id++) {
      assertThat(logits[id]).isEqualTo(before[id]);
    }
  }

  @ParameterizedTest
  @FieldSource("CHOOSING")
  void samplersEqualTheirDefinition(Samplers.Entry entry) {
    assertThat(PLAIN).as("a definition for a new sampler").containsKey(entry.name());
    Random random = new Random(11);
    for (int size : new int[] {1, 2, 31, 1000, 1025, 3000, 40_000}) {
      for (int spread : new int[] {0, 1, 3, 12}) {
        float[] logits = logits(random, size, spread);
        List<P> expected = PLAIN.get(entry.name()).apply(sorted(logits));
        // Twice with one chain: buffers that are reused must not remember.
        SamplerChain chain = SamplerChain.of(steps(entry, size), 5);
        chain.survivors(logits(random, size, 2), new TokenBuffer());
        Candidates left = chain.survivors(logits, new TokenBuffer());
        int[] ids = IntStream.range(0, left.size()).map(left::id).sorted().toArray();
        assertThat(ids)
            .as("%s of %d", entry.name(), size)
            .isEqualTo(expected.stream().mapToInt(P::id).sorted().toArray());
      }
    }
  }

  @ParameterizedTest
  @FieldSource("CHOOSING")
  void samplersSurviveTiesAndRuledOutTokens(Samplers.Entry entry) {
    float none = Float.NEGATIVE_INFINITY;
    float[] equal = new float[5000];
    float[] one = new float[5000];
    Arrays.fill(one, none);
    one[4321] = -1e30f;
    float[] huge = {3e38f, -3e38f, 0, none};
    for (float[] logits : List.of(equal, one, huge)) {
      SamplerChain chain = SamplerChain.of(steps(entry, logits.length), 5);
      int id = chain.sample(logits, new TokenBuffer());
      assertThat(logits[id]).isGreaterThan(none);
      Candidates left = chain.survivors(logits, new TokenBuffer());
      double sum = IntStream.range(0, left.size()).mapToDouble(left::probability).sum();
      assertThat(sum).isBetween(1 - 1e-9, 1 + 1e-9);
    }
  }

  @Test
  void ordersAreChecked() {
    assertThatThrownBy(() -> SamplingParams.plain().withSamplers(List.of("top_k", "top_q")))
        .isInstanceOf(TokapuException.class)
        .hasMessageContaining("top_q")
        .hasMessageContaining("typical_p");
    assertThatThrownBy(() -> SamplingParams.plain().withSamplers(List.of("top_k", "top_k")))
        .isInstanceOf(TokapuException.class);
  }

  @Test
  void anOrderIsFollowedAndLeavesTheOthersOff() {
    SamplingParams params = SamplingParams.defaults().withSamplers(List.of("temperature", "top_k"));
    assertThat(Samplers.create(params, GoldenLogits.context()))
        .containsExactly(new Temperature(0.8), new TopK(40));
  }

  /// Random logits; a spread of 0 gives many equal ones.
  private static float[] logits(Random random, int size, int spread) {
    float[] logits = new float[size];
    for (int i = 0; i < size; i++) {
      logits[i] = spread == 0 ? random.nextInt(8) * 0.5f : (float) (random.nextGaussian() * spread);
    }
    return logits;
  }

  private static List<P> sorted(float[] logits) {
    double max = IntStream.range(0, logits.length).mapToDouble(i -> logits[i]).max().orElseThrow();
    double sum =
        IntStream.range(0, logits.length).mapToDouble(i -> Math.exp(logits[i] - max)).sum();
    List<P> all = new ArrayList<>();
    for (int i = 0; i < logits.length; i++) {
      all.add(new P(i, logits[i], Math.exp(logits[i] - max) / sum));
    }
    all.sort(Comparator.comparingDouble((P p) -> -p.logit).thenComparingInt(P::id));
    return all;
  }
}
