package org.tokapu.tensor;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// How numbers are stored: a block layout and the scalar codec that defines it.
///
/// F32, F16 and BF16 are formats too, with blocks of one. Implementations are stateless,
/// thread-safe and one file each, listed in `QuantFormats`. Rows never share a block: a row of a
/// matrix must be a multiple of [#blockSize].
public interface QuantFormat {
  /// Returns the name that files and people use: `Q4_K`.
  String name();

  /// Returns the `ggml_type` number in GGUF files.
  int ggufId();

  /// Returns how many weights a block holds.
  int blockSize();

  /// Returns how many bytes a block takes.
  int blockBytes();

  /// Decodes `count` weights (a multiple of [#blockSize]) from `offset` of `source`.
  void decode(MemorySegment source, long offset, float[] out, int outOffset, int count);

  /// Returns whether [#encode] is supported.
  default boolean writable() {
    return true;
  }

  /// Encodes `count` weights (a multiple of [#blockSize]) to `offset` of `target`.
  ///
  /// @param importance one weight per input, at the same offset as the input: how much an error
  ///   there counts (the mean squared activation of an importance matrix); null: all the same
  /// @throws UnsupportedOperationException if not [#writable]
  void encode(
      float[] in,
      int inOffset,
      int count,
      float @Nullable [] importance,
      int importanceOffset,
      MemorySegment target,
      long offset);

  /// Returns the bytes that `count` weights take.
  default long bytes(long count) {
    return count / blockSize() * blockBytes();
  }

  /// Returns the mean size of one weight in bits: 4.5 for `Q4_0`.
  default double bitsPerWeight() {
    return 8.0 * blockBytes() / blockSize();
  }
}
