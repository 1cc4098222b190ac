package org.tokapu.engine.sampling;

import java.util.List;

/// Where a generation ends.
///
/// @param maxTokens how many tokens at most; -1 for as many as the context holds
/// @param minTokens how many tokens at least before the model may end its answer
/// @param ignoreEos whether the model may not end its answer at all
/// @param stop texts that end the generation; they are not part of the answer
public record Limits(int maxTokens, int minTokens, boolean ignoreEos, List<String> stop) {
  /// As long as the model wants and the context holds.
  public static final Limits NONE = new Limits(-1, 0, false, List.of());

  /// Checks the ranges.
  public Limits {
    Range.check("max_tokens", maxTokens, -1, Integer.MAX_VALUE);
    Range.check("min_tokens", minTokens, 0, Integer.MAX_VALUE);
    stop = List.copyOf(stop);
    StopStrings.check(stop);
  }
}
