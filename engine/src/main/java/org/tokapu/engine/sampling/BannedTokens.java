package org.tokapu.engine.sampling;

import java.util.Optional;
import java.util.Set;

/// Rules tokens out.
final class BannedTokens implements LogitsProcessor {
  private final int[] ids;

  BannedTokens(Set<Integer> banned) {
    this.ids = banned.stream().mapToInt(Integer::intValue).toArray();
  }

  static Optional<SamplingStep> of(SamplingParams params, SamplingContext context) {
    Set<Integer> banned = params.tokens().banned();
    banned.forEach(id -> context.requireToken("banned tokens", id));
    return banned.isEmpty() ? Optional.empty() : Optional.of(new BannedTokens(banned));
  }

  /// Rules out the tokens that end an answer, if these are to be ignored.
  static Optional<SamplingStep> ofIgnoredEos(SamplingParams params, SamplingContext context) {
    boolean on = params.limits().ignoreEos() && !context.endOfGeneration().isEmpty();
    return on ? Optional.of(new BannedTokens(context.endOfGeneration())) : Optional.empty();
  }

  @Override
  public void apply(float[] logits, TokenHistory history) {
    for (int id : ids) {
      logits[id] = Float.NEGATIVE_INFINITY;
    }
  }
}
