package org.tokapu.engine.sampling;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.tokapu.base.TokapuException;

/// Chooses the tokens of one generation: processors, then samplers, then one draw.
///
/// The token at a position depends on the seed, the position, the logits and the tokens before it,
/// and on nothing else. Not thread-safe; buffers are reused, so that a token costs next to no
/// garbage.
public final class SamplerChain {
  private final List<LogitsProcessor> processors = new ArrayList<>();
  private final List<Sampler> samplers = new ArrayList<>();
  private final Candidates candidates = new Candidates();
  private final long seed;
  private final CounterRandom random;
  private float[] work = new float[0];

  private SamplerChain(List<? extends SamplingStep> steps, long seed) {
    for (SamplingStep step : steps) {
      switch (step) {
        case LogitsProcessor p -> processors.add(p);
        case Sampler s -> samplers.add(s);
      }
    }
    this.seed = seed;
    this.random = new CounterRandom(seed);
  }

  /// Makes the chain that `params` describe.
  public static SamplerChain of(SamplingParams params, SamplingContext context) {
    return of(params, context, List.of());
  }

  /// Makes the chain that `params` describe, with more processors behind the built-in ones.
  public static SamplerChain of(
      SamplingParams params, SamplingContext context, List<LogitsProcessor> more) {
    List<SamplingStep> steps = Samplers.create(params, context);
    steps.addAll(more);
    long seed = params.seed().orElseGet(() -> ThreadLocalRandom.current().nextLong());
    return new SamplerChain(steps, seed);
  }

  /// Makes a chain of any steps: the processors in their order, then the samplers in theirs.
  public static SamplerChain of(List<? extends SamplingStep> steps, long seed) {
    return new SamplerChain(steps, seed);
  }

  /// Returns the seed, also when it was chosen freshly.
  public long seed() {
    return seed;
  }

  /// Chooses the token at position `history.length()`.
  ///
  /// @param logits `[vocabulary]` of that position; not changed
  /// @throws TokapuException if the logits are no numbers, or every token is ruled out
  public int sample(float[] logits, TokenHistory history) {
    survivors(logits, history);
    int id = candidates.draw(random.uniform(CounterRandom.TOKEN));
    double probability = candidates.drawnProbability();
    for (Sampler sampler : samplers) {
      sampler.drawn(id, probability);
    }
    return id;
  }

  /// Returns the candidates that the steps leave, with their probabilities, without drawing one.
  /// They are good until the next call.
  public Candidates survivors(float[] logits, TokenHistory history) {
    random.moveTo(history.length());
    candidates.reset(processors.isEmpty() ? logits : processed(logits, history));
    for (Sampler sampler : samplers) {
      sampler.apply(candidates, random);
    }
    return candidates;
  }

  private float[] processed(float[] logits, TokenHistory history) {
    Candidates.greatest(logits); // the model's fault, not a processor's
    if (work.length != logits.length) {
      work = new float[logits.length];
    }
    System.arraycopy(logits, 0, work, 0, logits.length);
    for (LogitsProcessor processor : processors) {
      processor.apply(work, history);
    }
    for (float x : work) {
      if (x > Float.NEGATIVE_INFINITY) {
        return work;
      }
    }
    throw new TokapuException(
        "no token can be chosen: biases, bans and constraints rule out all " + work.length);
  }
}
