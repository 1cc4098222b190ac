package org.tokapu.model;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.tokapu.tensor.Tensor;
import org.tokapu.tensor.Weight;

/// A projection `y = x * weightᵀ + bias`.
///
/// @param weight `[out, in]`
/// @param bias `[1, out]`, if there is one
public record Linear(Weight weight, @Nullable Tensor bias) {
  /// Returns the part that computes outputs `first .. first + count`, sharing this memory: how a
  /// fused q, k, v projection comes apart.
  public Linear rows(int first, int count) {
    if (!(weight instanceof Weight.Stored stored)) {
      throw new IllegalStateException("only a stored weight can be sliced, not " + weight);
    }
    long row = stored.rowBytes();
    MemorySegment part = stored.data().asSlice(first * row, count * row);
    return new Linear(
        new Weight.Stored(part, stored.format(), count, stored.cols()),
        bias == null ? null : columns(bias, first, count));
  }

  private static Tensor columns(Tensor bias, int first, int count) {
    return new Tensor(
        bias.data().asSlice((long) first * Float.BYTES, (long) count * Float.BYTES), 1, count);
  }
}
