package org.tokapu.tensor.vector;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static org.tokapu.tensor.vector.Native.BYTES;
import static org.tokapu.tensor.vector.Native.LINE;
import static org.tokapu.tensor.vector.Native.halves;
import static org.tokapu.tensor.vector.Native.shorts;
import static org.tokapu.tensor.vector.Native.spread;
import static org.tokapu.tensor.vector.Native.spreadPair;
import static org.tokapu.tensor.vector.Native.store;
import static org.tokapu.tensor.vector.Native.zero;

import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/// One row of activations by four vectors of columns, straight from packed weights.
///
/// Activations come in blocks of 18 words: 16 pairs of int16 (see [Activations]), the scale, and
/// eight times the sum as int32.
final class RowKernels {
  /// Bytes of a block of one row's activations.
  static final int X_BLOCK = 18 * 4;

  private RowKernels() {}

  /// Returns whether vectors and memory are as these kernels and [Panels] need them: lines of 16
  /// lanes divide into vectors, bytes come little end first.
  static boolean suitMachine() {
    return Lanes.COUNT >= 4
        && Lanes.COUNT <= Native.LINE_ROWS
        && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
  }

  /// Returns, as float32, the sums of both int16 lanes of each row.
  static FloatVector sums(ShortVector pairs) {
    return floats(intSums(pairs));
  }

  private static IntVector intSums(ShortVector pairs) {
    IntVector both = pairs.reinterpretAsInts();
    return both.lanewise(LSHL, 16).lanewise(ASHR, 16).add(both.lanewise(ASHR, 16));
  }

  private static FloatVector floats(IntVector sums) {
    return (FloatVector) sums.convertShape(VectorOperators.I2F, Lanes.FLOATS, 0);
  }

  private static ShortVector multiplyAdd(ShortVector sum, ShortVector w, int mask, ShortVector x) {
    return sum.add(w.and((short) mask).mul(x));
  }

  private static FloatVector finish4(
      ShortVector sum, IntVector eights, long d, long scales, FloatVector c) {
    FloatVector exact = floats(intSums(sum).sub(eights));
    return exact.fma(halves(scales).mul(spread(d)), c);
  }

  /// Columns in the layout of [PackedQ4]: addresses of lines (`w`) and scales (`s`) of the first
  /// block.
  static void q4(
      long x,
      long w0,
      long w1,
      long w2,
      long w3,
      long s0,
      long s1,
      long s2,
      long s3,
      long out,
      int blocks) {
    FloatVector c0 = zero();
    FloatVector c1 = zero();
    FloatVector c2 = zero();
    FloatVector c3 = zero();
    long at = 0;
    for (int g = 0; g < blocks; g++) {
      ShortVector p0 = ShortVector.zero(Native.SHORTS);
      ShortVector p1 = p0;
      ShortVector p2 = p0;
      ShortVector p3 = p0;
      for (int l = 0; l < 4; l++) {
        long line = at + (long) l * LINE;
        long pair = x + 8L * l;
        ShortVector v0 = shorts(w0 + line);
        ShortVector v1 = shorts(w1 + line);
        ShortVector v2 = shorts(w2 + line);
        ShortVector v3 = shorts(w3 + line);
        ShortVector a = spreadPair(pair);
        p0 = multiplyAdd(p0, v0, 15, a);
        p1 = multiplyAdd(p1, v1, 15, a);
        p2 = multiplyAdd(p2, v2, 15, a);
        p3 = multiplyAdd(p3, v3, 15, a);
        a = spreadPair(pair + 4);
        p0 = multiplyAdd(p0, v0.lanewise(LSHR, 8), 15, a);
        p1 = multiplyAdd(p1, v1.lanewise(LSHR, 8), 15, a);
        p2 = multiplyAdd(p2, v2.lanewise(LSHR, 8), 15, a);
        p3 = multiplyAdd(p3, v3.lanewise(LSHR, 8), 15, a);
        a = spreadPair(pair + 32);
        p0 = multiplyAdd(p0, v0.lanewise(LSHR, 4), 15, a);
        p1 = multiplyAdd(p1, v1.lanewise(LSHR, 4), 15, a);
        p2 = multiplyAdd(p2, v2.lanewise(LSHR, 4), 15, a);
        p3 = multiplyAdd(p3, v3.lanewise(LSHR, 4), 15, a);
        a = spreadPair(pair + 36);
        p0 = p0.add(v0.lanewise(LSHR, 12).mul(a));
        p1 = p1.add(v1.lanewise(LSHR, 12).mul(a));
        p2 = p2.add(v2.lanewise(LSHR, 12).mul(a));
        p3 = p3.add(v3.lanewise(LSHR, 12).mul(a));
      }
      IntVector eights = IntVector.broadcast(Lanes.INTS, Native.getInt(x + 68));
      c0 = finish4(p0, eights, x + 64, s0 + at, c0);
      c1 = finish4(p1, eights, x + 64, s1 + at, c1);
      c2 = finish4(p2, eights, x + 64, s2 + at, c2);
      c3 = finish4(p3, eights, x + 64, s3 + at, c3);
      at += PackedQ4.BLOCK_BYTES;
      x += X_BLOCK;
    }
    store(c0, out);
    store(c1, out + BYTES);
    store(c2, out + 2L * BYTES);
    store(c3, out + 3L * BYTES);
  }

  /// Returns `sum` and the products of a line's bytes; two products of int8 fit int16.
  private static IntVector line(IntVector sum, long at, ShortVector even, ShortVector odd) {
    ShortVector w = shorts(at);
    ShortVector p = w.lanewise(LSHL, 8).lanewise(ASHR, 8).mul(even);
    return sum.add(intSums(p.add(w.lanewise(ASHR, 8).mul(odd))));
  }

  private static FloatVector finish8(IntVector sum, long d, long scales, FloatVector c) {
    return floats(sum).fma(halves(scales).mul(spread(d)), c);
  }

  /// Columns in the layout of [PackedQ8]; parameters as in [#q4].
  static void q8(
      long x,
      long w0,
      long w1,
      long w2,
      long w3,
      long s0,
      long s1,
      long s2,
      long s3,
      long out,
      int blocks) {
    FloatVector c0 = zero();
    FloatVector c1 = zero();
    FloatVector c2 = zero();
    FloatVector c3 = zero();
    long at = 0;
    for (int g = 0; g < blocks; g++) {
      IntVector p0 = IntVector.zero(Lanes.INTS);
      IntVector p1 = p0;
      IntVector p2 = p0;
      IntVector p3 = p0;
      for (int l = 0; l < 8; l++) {
        long line = at + (long) l * LINE;
        ShortVector even = spreadPair(x + 8L * l);
        ShortVector odd = spreadPair(x + 8L * l + 4);
        p0 = line(p0, w0 + line, even, odd);
        p1 = line(p1, w1 + line, even, odd);
        p2 = line(p2, w2 + line, even, odd);
        p3 = line(p3, w3 + line, even, odd);
      }
      c0 = finish8(p0, x + 64, s0 + at, c0);
      c1 = finish8(p1, x + 64, s1 + at, c1);
      c2 = finish8(p2, x + 64, s2 + at, c2);
      c3 = finish8(p3, x + 64, s3 + at, c3);
      at += PackedQ8.BLOCK_BYTES;
      x += X_BLOCK;
    }
    store(c0, out);
    store(c1, out + BYTES);
    store(c2, out + 2L * BYTES);
    store(c3, out + 3L * BYTES);
  }
}
