package org.tokapu.engine.sampling;

import java.util.List;
import org.tokapu.base.TokapuException;

/// How [Dry] punishes repeated sequences.
///
/// @param multiplier scale of the penalty; 0 for none
/// @param base a repetition of length n costs `multiplier * base^(n - allowedLength)`
/// @param allowedLength the longest repetition that costs nothing is one shorter
/// @param window how many of the last tokens are searched; -1 for all
/// @param breakers texts over which no repetition reaches
public record DryParams(
    double multiplier, double base, int allowedLength, int window, List<String> breakers) {
  /// Switched off; the other figures are the ones that llama.cpp uses.
  public static final DryParams NONE = new DryParams(0, 1.75, 2, -1, List.of("\n", ":", "\"", "*"));

  /// Checks the ranges.
  public DryParams {
    Range.check("dry_multiplier", multiplier, 0, 100);
    Range.check("dry_base", base, 1, 100);
    Range.check("dry_allowed_length", allowedLength, 1, Integer.MAX_VALUE);
    Range.check("dry_window", window, -1, Integer.MAX_VALUE);
    breakers = List.copyOf(breakers);
    if (breakers.contains("")) {
      throw new TokapuException("dry_breakers must not contain the empty text");
    }
  }

  /// Returns the same with another multiplier.
  public DryParams withMultiplier(double value) {
    return new DryParams(value, base, allowedLength, window, breakers);
  }
}
