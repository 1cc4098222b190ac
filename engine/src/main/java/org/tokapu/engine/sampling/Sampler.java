package org.tokapu.engine.sampling;

/// Takes candidates away or reshapes their distribution; never takes the last one.
@FunctionalInterface
public non-sealed interface Sampler extends SamplingStep {
  /// Changes the candidates of one position.
  ///
  /// @param random chance at this position, for a step that needs it
  void apply(Candidates candidates, CounterRandom random);

  /// Learns which candidate was drawn, and how probable it was among the survivors.
  default void drawn(int id, double probability) {}
}
