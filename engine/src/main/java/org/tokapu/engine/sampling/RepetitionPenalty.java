package org.tokapu.engine.sampling;

import java.util.Optional;

/// Makes tokens of the window less likely, once each: `x > 0 ? x / r : x * r` (Keskar and others,
/// CTRL, 2019; with the usual care for negative logits). Prompt and generated tokens count alike.
final class RepetitionPenalty implements LogitsProcessor {
  private final double penalty;
  private final TokenCounts counts;

  RepetitionPenalty(double penalty, int window) {
    this.penalty = penalty;
    this.counts = new TokenCounts(window);
  }

  static Optional<SamplingStep> of(SamplingParams params, SamplingContext context) {
    Penalties p = params.penalties();
    return p.repetition() != 1 && p.window() != 0
        ? Optional.of(new RepetitionPenalty(p.repetition(), p.window()))
        : Optional.empty();
  }

  @Override
  public void apply(float[] logits, TokenHistory history) {
    counts.update(history);
    counts.forEach((id, count) -> {
      double x = logits[id];
      logits[id] = (float) (x > 0 ? x / penalty : x * penalty);
    });
  }
}
