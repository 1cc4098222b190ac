package org.tokapu.engine.sampling;

import java.util.Optional;

/// Nucleus sampling: keeps the likeliest tokens until their probabilities sum to p; the one that
/// crosses p stays (Holtzman and others, The Curious Case of Neural Text Degeneration, 2019).
///
/// Only as many candidates are sorted as the mass needs.
record TopP(double p) implements Sampler {
  static Optional<SamplingStep> of(SamplingParams params, SamplingContext context) {
    double p = params.truncation().topP();
    return params.truncates() && p < 1 ? Optional.of(new TopP(p)) : Optional.empty();
  }

  @Override
  public void apply(Candidates candidates, CounterRandom random) {
    double limit = p * candidates.total();
    double before = 0;
    int seen = 0;
    for (int wanted = 64; ; wanted *= 8) {
      int sorted = candidates.sort(wanted);
      for (; seen < sorted; seen++) {
        if (seen > 0 && before >= limit) {
          candidates.keepFirst(seen);
          return;
        }
        before += candidates.weight(seen);
      }
      if (sorted < wanted) {
        return; // these were all
      }
    }
  }
}
