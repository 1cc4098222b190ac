package org.tokapu.tensor.vector;

import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// The widest float vectors of this machine, and arithmetic on them that the API lacks.
final class Lanes {
  static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  static final VectorSpecies<Integer> INTS = FLOATS.withLanes(int.class);
  static final int COUNT = FLOATS.length();

  /// The order of tensors in memory.
  static final ByteOrder ORDER = ByteOrder.nativeOrder();

  private static final float LOG2_E = 1.442695f;
  private static final float LN2_HIGH = 6.933594e-1f;
  private static final float LN2_LOW = -2.1219444e-4f;

  /// Adding it rounds a small float to a whole number, half to even.
  private static final float ROUND = 12582912f;

  private Lanes() {}

  /// Returns the bits of a vector.
  static int bits() {
    return FLOATS.vectorBitSize();
  }

  /// Sums `values[at .. at + COUNT)` by halving, always in the same order. Overwrites them.
  static float sum(float[] values, int at) {
    for (int half = COUNT / 2; half > 0; half /= 2) {
      for (int i = 0; i < half; i++) {
        values[at + i] += values[at + i + half];
      }
    }
    return values[at];
  }

  /// Returns `e^x` to about two units in the last place, `x` limited to -87 .. 88.
  ///
  /// Not the API's `EXP`, whose result depends on whether the code has been compiled yet. Range
  /// reduction and polynomial are those of the Cephes library's `expf`.
  static FloatVector exp(FloatVector x) {
    FloatVector limited = x.max(-87f).min(88f);
    FloatVector n = limited.mul(LOG2_E).add(ROUND).sub(ROUND);
    FloatVector r = n.fma(broadcast(-LN2_HIGH), limited);
    r = n.fma(broadcast(-LN2_LOW), r);
    FloatVector p = broadcast(1.9875691e-4f);
    p = p.fma(r, broadcast(1.3981999e-3f));
    p = p.fma(r, broadcast(8.333452e-3f));
    p = p.fma(r, broadcast(4.1665796e-2f));
    p = p.fma(r, broadcast(1.6666666e-1f));
    p = p.fma(r, broadcast(5.0e-1f));
    p = p.fma(r.mul(r), r).add(1f);
    IntVector exponent = (IntVector) n.convertShape(VectorOperators.F2I, INTS, 0);
    return p.mul(exponent.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
  }

  /// Returns `e^x` by the same steps as the vector form.
  static float exp(float x) {
    float limited = Math.min(Math.max(x, -87f), 88f);
    float n = limited * LOG2_E + ROUND - ROUND;
    float r = Math.fma(n, -LN2_HIGH, limited);
    r = Math.fma(n, -LN2_LOW, r);
    float p = Math.fma(1.9875691e-4f, r, 1.3981999e-3f);
    p = Math.fma(p, r, 8.333452e-3f);
    p = Math.fma(p, r, 4.1665796e-2f);
    p = Math.fma(p, r, 1.6666666e-1f);
    p = Math.fma(p, r, 5.0e-1f);
    p = Math.fma(p, r * r, r) + 1f;
    return p * Float.intBitsToFloat((int) n + 127 << 23);
  }

  private static FloatVector broadcast(float value) {
    return FloatVector.broadcast(FLOATS, value);
  }
}
