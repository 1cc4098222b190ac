package org.tokapu.engine.sampling;

import java.util.Optional;

/// `x - f * count - q` for each token of the window: OpenAI's frequency and presence penalties.
/// Prompt and generated tokens count alike.
final class FrequencyPresencePenalty implements LogitsProcessor {
  private final double frequency;
  private final double presence;
  private final TokenCounts counts;

  FrequencyPresencePenalty(double frequency, double presence, int window) {
    this.frequency = frequency;
    this.presence = presence;
    this.counts = new TokenCounts(window);
  }

  static Optional<SamplingStep> of(SamplingParams params, SamplingContext context) {
    Penalties p = params.penalties();
    boolean on = (p.frequency() != 0 || p.presence() != 0) && p.window() != 0;
    return on
        ? Optional.of(new FrequencyPresencePenalty(p.frequency(), p.presence(), p.window()))
        : Optional.empty();
  }

  @Override
  public void apply(float[] logits, TokenHistory history) {
    counts.update(history);
    counts.forEach((id, count) -> logits[id] -= (float) (frequency * count + presence));
  }
}
