package org.tokapu.model.file;

import java.util.Optional;

/// Where a tensor lies in a safetensors file, and what its numbers are.
///
/// @param name the tensor's name
/// @param dtype the type as the file spells it: `BF16`
/// @param shape its dimensions, the fastest-running last: a matrix is `[rows, cols]`; not to be
///   changed
/// @param part which shard holds it, from 0
/// @param offset where its bytes begin in that file
/// @param bytes how many there are
public record SafetensorsTensor(
    String name, String dtype, long[] shape, int part, long offset, long bytes) {
  /// Returns how many numbers it holds: 1 for a scalar, 0 if a dimension is 0.
  public long elements() {
    long product = 1;
    for (long dim : shape) {
      product *= dim;
    }
    return product;
  }

  /// Returns the type, if it is one of those that can be read as numbers.
  public Optional<SafetensorsType> type() {
    return SafetensorsType.of(dtype);
  }
}
