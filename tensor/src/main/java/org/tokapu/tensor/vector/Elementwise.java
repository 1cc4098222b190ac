package org.tokapu.tensor.vector;

import static org.tokapu.tensor.vector.Lanes.COUNT;
import static org.tokapu.tensor.vector.Lanes.FLOATS;
import static org.tokapu.tensor.vector.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.jspecify.annotations.Nullable;
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

  static void layerNorm(
      Tensor x, Tensor gain, @Nullable Tensor bias, float eps, Tensor out, int row) {
    int size = gain.cols();
    float[] lanes = new float[COUNT];
    for (int first = 0; first < x.cols(); first += size) {
      FloatVector sum = FloatVector.zero(FLOATS);
      for (int i = 0; i < size; i += COUNT) {
        sum = sum.add(load(x.data(), offset(x, row, first + i), FLOATS.indexInRange(i, size)));
      }
      sum.intoArray(lanes, 0);
      float mean = Lanes.sum(lanes, 0) / size;
      FloatVector squares = FloatVector.zero(FLOATS);
      for (int i = 0; i < size; i += COUNT) {
        VectorMask<Float> mask = FLOATS.indexInRange(i, size);
        FloatVector v = load(x.data(), offset(x, row, first + i), mask).sub(mean, mask);
        squares = v.fma(v, squares);
      }
      squares.intoArray(lanes, 0);
      float inverse = (float) (1 / Math.sqrt((double) Lanes.sum(lanes, 0) / size + eps));
      for (int i = 0; i < size; i += COUNT) {
        VectorMask<Float> mask = FLOATS.indexInRange(i, size);
        long at = offset(x, row, first + i);
        FloatVector v = load(x.data(), at, mask).sub(mean).mul(inverse);
        v = v.mul(load(gain.data(), (long) i * Float.BYTES, mask));
        if (bias != null) {
          v = v.add(load(bias.data(), (long) i * Float.BYTES, mask));
        }
        v.intoMemorySegment(out.data(), at, ORDER, mask);
      }
    }
  }

  /// `x * sigmoid(2 u)`, which is `x / 2 * (1 + tanh(u))`, with `u = √(2/π) (x + 0.044715 x³)`.
  static void tanhGelu(Tensor x, Tensor out, int row) {
    for (int i = 0; i < x.cols(); i += COUNT) {
      VectorMask<Float> mask = FLOATS.indexInRange(i, x.cols());
      long at = offset(x, row, i);
      FloatVector v = load(x.data(), at, mask);
      FloatVector u = v.mul(v).mul(0.044715f).add(1f).mul(v).mul(-1.595769f);
      v.div(Lanes.exp(u).add(1f)).intoMemorySegment(out.data(), at, ORDER, mask);
    }
  }

  /// `x * Φ(x)`, by Abramowitz and Stegun 7.1.26, whose error is below 1.5e-7.
  static void gelu(Tensor x, Tensor out, int row) {
    for (int i = 0; i < x.cols(); i += COUNT) {
      VectorMask<Float> mask = FLOATS.indexInRange(i, x.cols());
      long at = offset(x, row, i);
      FloatVector v = load(x.data(), at, mask);
      FloatVector z = v.abs().mul(0.70710677f);
      FloatVector t = z.mul(0.3275911f).add(1f);
      t = FloatVector.broadcast(FLOATS, 1f).div(t);
      FloatVector p = t.mul(1.0614054f).sub(1.4531521f);
      p = p.mul(t).add(1.4214138f).mul(t).sub(0.28449672f).mul(t).add(0.2548296f);
      // erfc(|z|) / 2 is the share of the normal distribution beyond |x|.
      FloatVector tail = p.mul(t).mul(Lanes.exp(z.mul(z).neg())).mul(0.5f);
      FloatVector share = FloatVector.broadcast(FLOATS, 1f).sub(tail);
      share = share.blend(tail, v.compare(VectorOperators.LT, 0f));
      v.mul(share).intoMemorySegment(out.data(), at, ORDER, mask);
    }
  }
}
