package org.tokapu.engine.sampling;

import java.util.Map;
import java.util.Optional;

/// Adds a number to the logits of some tokens; minus infinity rules one out.
final class LogitBias implements LogitsProcessor {
  private final int[] ids;
  private final float[] biases;

  LogitBias(Map<Integer, Float> biases) {
    this.ids = biases.keySet().stream().mapToInt(Integer::intValue).toArray();
    this.biases = new float[ids.length];
    for (int i = 0; i < ids.length; i++) {
      this.biases[i] = biases.getOrDefault(ids[i], 0f);
    }
  }

  static Optional<SamplingStep> of(SamplingParams params, SamplingContext context) {
    Map<Integer, Float> biases = params.tokens().bias();
    biases.keySet().forEach(id -> context.requireToken("logit bias", id));
    return biases.isEmpty() ? Optional.empty() : Optional.of(new LogitBias(biases));
  }

  @Override
  public void apply(float[] logits, TokenHistory history) {
    for (int i = 0; i < ids.length; i++) {
      logits[ids[i]] += biases[i];
    }
  }
}
