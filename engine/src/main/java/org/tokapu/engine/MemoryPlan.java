package org.tokapu.engine;

import org.tokapu.base.OutOfCapacityException;
import org.tokapu.base.Sizes;

/// Whether a model fits this machine: its weights, and its keys and values at a context.
///
/// @param weights bytes of all weights
/// @param kvPerToken bytes of cached keys and values a position
/// @param available bytes that the machine can give
public record MemoryPlan(long weights, long kvPerToken, long available) {
  /// What everything else takes: the Java heap and scratch memory of a small batch.
  private static final long REST = 256L << 20;

  /// Returns the bytes needed with `context` positions.
  public long needed(int context) {
    return weights + context * kvPerToken + REST;
  }

  /// Returns the largest context that fits, at most `wanted`; 0 if not even the weights do.
  public int largestContext(int wanted) {
    long room = available - weights - REST;
    return Math.clamp(room / Math.max(1, kvPerToken), 0, wanted);
  }

  /// Checks that `context` positions fit.
  ///
  /// @throws OutOfCapacityException naming the figures and the largest context that does
  public void require(int context) {
    if (needed(context) <= available) {
      return;
    }
    int fits = largestContext(context);
    String remedy =
        fits > 0
            ? "the largest context that fits is %d (--ctx %d)".formatted(fits, fits)
            : "take a smaller model, or quantize it (tokapu quantize)";
    throw new OutOfCapacityException(
        "weights (%s) and keys and values of %d tokens (%s) need %s, %s are available; %s"
            .formatted(
                Sizes.bytes(weights),
                context,
                Sizes.bytes(context * kvPerToken),
                Sizes.bytes(needed(context)),
                Sizes.bytes(available),
                remedy));
  }
}
