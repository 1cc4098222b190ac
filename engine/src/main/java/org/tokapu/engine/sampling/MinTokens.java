package org.tokapu.engine.sampling;

import java.util.Optional;
import java.util.Set;

/// Rules out the tokens that end an answer until so many tokens have been generated.
final class MinTokens implements LogitsProcessor {
  private final int tokens;
  private final BannedTokens ends;

  MinTokens(int tokens, Set<Integer> endOfGeneration) {
    this.tokens = tokens;
    this.ends = new BannedTokens(endOfGeneration);
  }

  static Optional<SamplingStep> of(SamplingParams params, SamplingContext context) {
    int tokens = params.limits().minTokens();
    return tokens > 0
        ? Optional.of(new MinTokens(tokens, context.endOfGeneration()))
        : Optional.empty();
  }

  @Override
  public void apply(float[] logits, TokenHistory history) {
    if (history.generated() < tokens) {
      ends.apply(logits, history);
    }
  }
}
