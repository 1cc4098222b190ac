package org.tokapu.engine.sampling;

import java.util.Optional;

/// Takes the likeliest token; among equals the one of lowest id. On at temperature 0.
final class Greedy implements Sampler {
  private Greedy() {}

  static Optional<SamplingStep> of(SamplingParams params, SamplingContext context) {
    return params.temperature() == 0 ? Optional.of(new Greedy()) : Optional.empty();
  }

  @Override
  public void apply(Candidates candidates, CounterRandom random) {
    candidates.keepLikeliest();
  }
}
