package org.tokapu.assistant.window;

import org.tokapu.base.TokapuException;

/// How a conversation is fitted into the context.
///
/// @param strategy what happens when it does not fit
/// @param reserve how many tokens are kept free for the answer, at least 1
/// @param summaryTokens how long a summary may be
public record WindowPolicy(Strategy strategy, int reserve, int summaryTokens) {
  /// Checks the ranges.
  public WindowPolicy {
    if (reserve < 1) {
      throw new TokapuException("at least 1 token must be kept for the answer, not " + reserve);
    }
    if (summaryTokens < 1) {
      throw new TokapuException("a summary has at least 1 token, not " + summaryTokens);
    }
  }

  /// Returns a policy for a context: a quarter of it, at most 1024 tokens, for the answer, and an
  /// eighth, at most 512, for a summary.
  public static WindowPolicy of(Strategy strategy, int context) {
    return new WindowPolicy(
        strategy, Math.clamp(context / 4, 1, 1024), Math.clamp(context / 8, 1, 512));
  }

  /// Keeps so many tokens for the answer.
  public WindowPolicy withReserve(int tokens) {
    return new WindowPolicy(strategy, tokens, summaryTokens);
  }

  /// Allows a summary of so many tokens.
  public WindowPolicy withSummaryTokens(int tokens) {
    return new WindowPolicy(strategy, reserve, tokens);
  }
}
