package org.tokapu.engine.sampling;

import java.util.Optional;

/// Keeps the tokens at least `m` times as probable as the likeliest (Nguyen and others, Turning Up
/// the Heat: Min-p Sampling, 2024).
record MinP(double m) implements Sampler {
  static Optional<SamplingStep> of(SamplingParams params, SamplingContext context) {
    double m = params.truncation().minP();
    return params.truncates() && m > 0 ? Optional.of(new MinP(m)) : Optional.empty();
  }

  @Override
  public void apply(Candidates candidates, CounterRandom random) {
    candidates.keepRatio(m);
  }
}
