package org.tokapu.tensor;

/// The shape of grouped-query attention.
///
/// @param heads query heads; a multiple of `kvHeads`
/// @param kvHeads key/value heads; query head `h` reads `h / (heads / kvHeads)`
/// @param scale put on every score, usually `1 / sqrt(headDim)`
/// @param mask which positions a query sees
public record AttentionSpec(int heads, int kvHeads, int headDim, float scale, Mask mask) {
  /// Which positions a query at position `p` sees.
  public sealed interface Mask {
    /// All positions `<= p`.
    record Causal() implements Mask {}

    /// Positions `<= p` and `> p - tokens` (Mistral's sliding window).
    record Window(int tokens) implements Mask {}

    /// Every position of the sequence (encoders).
    record Full() implements Mask {}
  }

  /// Checks that the heads divide.
  public AttentionSpec {
    if (heads <= 0 || kvHeads <= 0 || heads % kvHeads != 0) {
      throw new IllegalArgumentException(
          "heads (%d) must be a multiple of kvHeads (%d)".formatted(heads, kvHeads));
    }
  }

  /// Returns causal attention with the usual scale.
  public static AttentionSpec causal(int heads, int kvHeads, int headDim) {
    return new AttentionSpec(
        heads, kvHeads, headDim, (float) (1 / Math.sqrt(headDim)), new Mask.Causal());
  }

  /// Returns the same attention through a sliding window.
  public AttentionSpec window(int tokens) {
    return new AttentionSpec(heads, kvHeads, headDim, scale, new Mask.Window(tokens));
  }

  /// Returns the first position that a query at `position` sees.
  public int firstVisible(int position) {
    return mask instanceof Mask.Window w ? Math.max(0, position - w.tokens() + 1) : 0;
  }

  /// Returns the position after the last that a query at `position` sees, in a sequence of
  /// `length`.
  public int endVisible(int position, int length) {
    return mask instanceof Mask.Full ? length : position + 1;
  }
}
