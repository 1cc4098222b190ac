package org.tokapu.engine.sampling;

import java.util.Map;
import java.util.Set;
import org.tokapu.base.TokapuException;

/// What is said about single tokens.
///
/// @param bias added to the logit of an id; minus infinity rules it out
/// @param banned ids that are ruled out
public record TokenRules(Map<Integer, Float> bias, Set<Integer> banned) {
  /// Nothing said.
  public static final TokenRules NONE = new TokenRules(Map.of(), Set.of());

  /// Checks that biases are numbers.
  public TokenRules {
    bias = Map.copyOf(bias);
    banned = Set.copyOf(banned);
    bias.forEach((id, value) -> {
      if (Float.isNaN(value) || value == Float.POSITIVE_INFINITY) {
        throw new TokapuException(
            "the logit bias of token " + id + " must be a number or -Infinity, is " + value);
      }
    });
  }
}
