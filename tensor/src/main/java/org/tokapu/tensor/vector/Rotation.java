package org.tokapu.tensor.vector;

import static org.tokapu.tensor.vector.Lanes.COUNT;
import static org.tokapu.tensor.vector.Lanes.FLOATS;
import static org.tokapu.tensor.vector.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import org.tokapu.tensor.RopeTable;
import org.tokapu.tensor.Tensor;

/// Rotates the heads of one row.
final class Rotation {
  private static final VectorShuffle<Float> PARTNERS =
      VectorShuffle.fromOp(FLOATS, lane -> lane ^ 1);

  private Rotation() {}

  static void rotate(Tensor x, int headDim, RopeTable table, int row, int position) {
    if (table.layout() == RopeTable.Layout.INTERLEAVED) {
      interleaved(x, headDim, table, row, position);
    } else {
      halves(x, headDim, table, row, position);
    }
  }

  /// With the factors spread to both elements of a pair, `y = x * cos + partner * ±sin`.
  private static void interleaved(Tensor x, int headDim, RopeTable table, int row, int position) {
    int size = 2 * table.pairs();
    float[] cos = new float[size];
    float[] sin = new float[size];
    for (int i = 0; i < size; i++) {
      cos[i] = table.cos(position, i / 2);
      sin[i] = i % 2 == 0 ? -table.sin(position, i / 2) : table.sin(position, i / 2);
    }
    MemorySegment data = x.data();
    long start = (long) row * x.cols() * Float.BYTES;
    for (int head = 0; head < x.cols(); head += headDim) {
      for (int i = 0; i < size; i += COUNT) {
        VectorMask<Float> mask = FLOATS.indexInRange(i, size);
        long at = start + (long) (head + i) * Float.BYTES;
        FloatVector v = FloatVector.fromMemorySegment(FLOATS, data, at, ORDER, mask);
        FloatVector turned = v.rearrange(PARTNERS).mul(FloatVector.fromArray(FLOATS, sin, i, mask));
        v.fma(FloatVector.fromArray(FLOATS, cos, i, mask), turned)
            .intoMemorySegment(data, at, ORDER, mask);
      }
    }
  }

  private static void halves(Tensor x, int headDim, RopeTable table, int row, int position) {
    int pairs = table.pairs();
    float[] cos = new float[pairs];
    float[] sin = new float[pairs];
    long from = (long) position * pairs * Float.BYTES;
    MemorySegment.copy(table.cos(), ValueLayout.JAVA_FLOAT, from, cos, 0, pairs);
    MemorySegment.copy(table.sin(), ValueLayout.JAVA_FLOAT, from, sin, 0, pairs);
    MemorySegment data = x.data();
    long start = (long) row * x.cols() * Float.BYTES;
    for (int head = 0; head < x.cols(); head += headDim) {
      for (int i = 0; i < pairs; i += COUNT) {
        VectorMask<Float> mask = FLOATS.indexInRange(i, pairs);
        long at = start + (long) (head + i) * Float.BYTES;
        long other = at + (long) pairs * Float.BYTES;
        FloatVector a = FloatVector.fromMemorySegment(FLOATS, data, at, ORDER, mask);
        FloatVector b = FloatVector.fromMemorySegment(FLOATS, data, other, ORDER, mask);
        FloatVector c = FloatVector.fromArray(FLOATS, cos, i, mask);
        FloatVector s = FloatVector.fromArray(FLOATS, sin, i, mask);
        a.fma(c, b.mul(s).neg()).intoMemorySegment(data, at, ORDER, mask);
        b.fma(c, a.mul(s)).intoMemorySegment(data, other, ORDER, mask);
      }
    }
  }
}
