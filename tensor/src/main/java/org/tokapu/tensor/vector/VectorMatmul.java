package org.tokapu.tensor.vector;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.tokapu.tensor.Matmul;
import org.tokapu.tensor.Weight;

/// A weight as it is stored, with the decoder of its rows and the low-rank updates over it.
///
/// @param packed the same weight for integer products, if that pays
/// @param updates the innermost first
record VectorMatmul(
    Weight.Stored base, RowDecoder decoder, Optional<Packed> packed, List<Update> updates)
    implements Matmul {
  /// `scale * b * a`, added to what is below.
  record Update(VectorMatmul a, VectorMatmul b, float scale) {}

  /// Returns a weight that is multiplied in float32.
  static VectorMatmul of(Weight weight) {
    return of(weight, stored -> Optional.empty());
  }

  /// Returns a weight that is packed by `packer` where that returns something.
  static VectorMatmul of(Weight weight, Function<Weight.Stored, Optional<Packed>> packer) {
    return switch (weight) {
      case Weight.Stored stored ->
          new VectorMatmul(stored, RowDecoder.of(stored), packer.apply(stored), List.of());
      case Weight.LowRank low -> {
        VectorMatmul inner = of(low.base(), packer);
        List<Update> updates = new ArrayList<>(inner.updates);
        updates.add(new Update(of(low.a(), packer), of(low.b(), packer), low.scale()));
        yield new VectorMatmul(inner.base, inner.decoder, inner.packed, List.copyOf(updates));
      }
    };
  }

  @Override
  public int rows() {
    return base.rows();
  }

  @Override
  public int cols() {
    return base.cols();
  }

  void decodeRow(int row, float[] out, int at) {
    decoder.decode(base.data(), row * base.rowBytes(), out, at, base.cols());
  }
}
