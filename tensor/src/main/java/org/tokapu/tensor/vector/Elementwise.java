package org.tokapu.tensor.vector;

import static org.tokapu.tensor.vector.Lanes.COUNT;
import static org.tokapu.tensor.vector.Lanes.FLOATS;
import static org.tokapu.tensor.vector.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.tokapu.tensor.Tensor;

/// Kernels over single rows. The last, incomplete vector of a row is masked.
final class Elementwise {
  private Elementwise() {}

  private static long offset(Tensor x, int row, int col) {
    return ((long) row * x.cols() + col) * Float.BYTES;
  }

  private static FloatVector load(MemorySegment from, long at, VectorMask<Float> mask) {
    return FloatVector.fromMemorySegment(FLOATS, from, at, ORDER, mask);
  }

  static void add(Tensor a, Tensor b, Tensor out, int row) {
    for (int i = 0; i < a.cols(); i += COUNT) {
      VectorMask<Float> mask = FLOATS.indexInRange(i, a.cols());
      long at = offset(a, row, i);
      FloatVector other = load(b.data(), offset(b, b.rows() == 1 ? 0 : row, i), mask);
      load(a.data(), at, mask).add(other).intoMemorySegment(out.data(), at, ORDER, mask);
    }
  }

  static void swiGlu(Tensor gate, Tensor up, Tensor out, int row) {
    for (int i = 0; i < gate.cols(); i += COUNT) {
      VectorMask<Float> mask = FLOATS.indexInRange(i, gate.cols());
      long at = offset(gate, row, i);
      FloatVector g = load(gate.data(), at, mask);
      FloatVector silu = g.div(Lanes.exp(g.neg()).add(1f));
      silu.mul(load(up.data(), at, mask)).intoMemorySegment(out.data(), at, ORDER, mask);
    }
  }

  static void rmsNorm(Tensor x, Tensor gain, float eps, Tensor out, int row) {
    int size = gain.cols();
    float[] lanes = new float[COUNT];
    for (int first = 0; first < x.cols(); first += size) {
      FloatVector squares = FloatVector.zero(FLOATS);
      for (int i = 0; i < size; i += COUNT) {
        VectorMask<Float> mask = FLOATS.indexInRange(i, size);
        FloatVector v = load(x.data(), offset(x, row, first + i), mask);
        squares = v.fma(v, squares);
      }
      squares.intoArray(lanes, 0);
      float inverse = (float) (1 / Math.sqrt((double) Lanes.sum(lanes, 0) / size + eps));
      for (int i = 0; i < size; i += COUNT) {
        VectorMask<Float> mask = FLOATS.indexInRange(i, size);
        long at = offset(x, row, first + i);
        FloatVector scaled = load(x.data(), at, mask).mul(inverse);
        scaled
            .mul(load(gain.data(), (long) i * Float.BYTES, mask))
            .intoMemorySegment(out.data(), at, ORDER, mask);
      }
    }
  }
}
