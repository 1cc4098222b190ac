package org.tokapu.engine.sampling;

import java.util.Optional;

/// Exclude Top Choices: with a probability, drops all tokens at least as probable as a threshold
/// but the least probable of them, so that what is left is still sensible but less expected.
///
/// A threshold above one half does nothing, as two tokens cannot both reach it. By p-e-w
/// (github.com/oobabooga/text-generation-webui/pull/6335).
record Xtc(double probability, double threshold) implements Sampler {
  static Optional<SamplingStep> of(SamplingParams params, SamplingContext context) {
    Truncation t = params.truncation();
    boolean on = params.truncates() && t.xtcProbability() > 0 && t.xtcThreshold() <= 0.5;
    return on ? Optional.of(new Xtc(t.xtcProbability(), t.xtcThreshold())) : Optional.empty();
  }

  @Override
  public void apply(Candidates candidates, CounterRandom random) {
    if (random.uniform(CounterRandom.XTC) >= probability) {
      return;
    }
    double least = threshold * candidates.total();
    int above = candidates.countAtLeast(least);
    if (above > 1) {
      candidates.dropFirst(above - 1);
    }
  }
}
