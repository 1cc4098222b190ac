package org.tokapu.tensor.quant;

import org.jspecify.annotations.Nullable;

/// Encodes blocks one after another; owns the scratch memory for it, so one thread only.
interface BlockEncoder {
  /// Encodes one block.
  ///
  /// @param x the weights of the block from index 0, finite (see [BlockCodec])
  /// @param importance positive error weights of the same length; null: none given
  /// @param out zeroed bytes of the block from `at`
  void encode(float[] x, float @Nullable [] importance, byte[] out, int at);
}
