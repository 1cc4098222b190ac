package org.tokapu.engine.sampling;

import java.util.Optional;

/// Keeps every token whose logit is at least the k-th greatest; equals at the border all stay.
record TopK(int k) implements Sampler {
  static Optional<SamplingStep> of(SamplingParams params, SamplingContext context) {
    int k = params.truncation().topK();
    return params.truncates() && k > 0 ? Optional.of(new TopK(k)) : Optional.empty();
  }

  @Override
  public void apply(Candidates candidates, CounterRandom random) {
    candidates.keepTop(k);
  }
}
