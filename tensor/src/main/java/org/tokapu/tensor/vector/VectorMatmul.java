package org.tokapu.tensor.vector;

import java.util.ArrayList;
import java.util.List;
import org.tokapu.tensor.Matmul;
import org.tokapu.tensor.Weight;

/// A weight as it is stored, with the decoder of its rows and the low-rank updates over it.
///
/// @param updates the innermost first
record VectorMatmul(Weight.Stored base, RowDecoder decoder, List<Update> updates)
    implements Matmul {
  /// `scale * b * a`, added to what is below.
  record Update(VectorMatmul a, VectorMatmul b, float scale) {}

  static VectorMatmul of(Weight weight) {
    return switch (weight) {
      case Weight.Stored stored -> new VectorMatmul(stored, RowDecoder.of(stored), List.of());
      case Weight.LowRank low -> {
        VectorMatmul inner = of(low.base());
        List<Update> updates = new ArrayList<>(inner.updates);
        updates.add(new Update(of(low.a()), of(low.b()), low.scale()));
        yield new VectorMatmul(inner.base, inner.decoder, List.copyOf(updates));
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
