package org.tokapu.engine.sampling;

import java.util.Optional;

/// `x / T`: below 1 the likely become likelier, above 1 everything becomes more equal.
record Temperature(double temperature) implements Sampler {
  static Optional<SamplingStep> of(SamplingParams params, SamplingContext context) {
    double t = params.temperature();
    return t > 0 && t != 1 ? Optional.of(new Temperature(t)) : Optional.empty();
  }

  @Override
  public void apply(Candidates candidates, CounterRandom random) {
    candidates.divide(temperature);
  }
}
