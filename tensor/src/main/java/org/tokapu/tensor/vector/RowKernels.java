package org.tokapu.tensor.vector;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static org.tokapu.tensor.vector.Lanes.COUNT;
import static org.tokapu.tensor.vector.Lanes.FLOATS;
import static org.tokapu.tensor.vector.Lanes.INTS;
import static org.tokapu.tensor.vector.Native.ALL;
import static org.tokapu.tensor.vector.Native.LINE;
import static org.tokapu.tensor.vector.Native.LITTLE;
import static org.tokapu.tensor.vector.Native.SHORTS;

import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/// One row of activations by four vectors of columns, straight from packed weights: first the
/// integer sums of many blocks, then their scaling.
///
/// Written out and without calls of our own: the compiler stops inlining them in a method this
/// large, and a vector that passes a call is an object.
final class RowKernels {
  /// Blocks whose sums are kept before they are scaled: 8 KB of a first-level cache.
  static final int BATCH = 32;

  /// Int16 numbers of a vector.
  private static final int LANES = 2 * COUNT;

  private RowKernels() {}

  /// Returns whether vectors and memory are as these kernels and [Panels] need them: lines of 16
  /// lanes divide into vectors, bytes come little end first.
  static boolean suitMachine() {
    return COUNT >= 4
        && COUNT <= Native.LINE_ROWS
        && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
  }

  /// Sums the products of `blocks` blocks in the layout of [PackedQ4].
  ///
  /// @param x pairs of int16 of the first block, at `at`
  /// @param w0 address of the lines of the first block, and so on
  /// @param sums four vectors for each block
  static void q4(int[] x, int at, long w0, long w1, long w2, long w3, short[] sums, int blocks) {
    ShortVector mask = ShortVector.broadcast(SHORTS, 15);
    for (int g = 0; g < blocks; g++) {
      ShortVector p0 = ShortVector.zero(SHORTS);
      ShortVector p1 = p0;
      ShortVector p2 = p0;
      ShortVector p3 = p0;
      for (int l = 0; l < 4; l++) {
        long line = (long) g * PackedQ4.STEP + (long) l * LINE;
        int pair = at + 16 * g + 2 * l;
        ShortVector v0 = ShortVector.fromMemorySegment(SHORTS, ALL, w0 + line, LITTLE);
        ShortVector v1 = ShortVector.fromMemorySegment(SHORTS, ALL, w1 + line, LITTLE);
        ShortVector v2 = ShortVector.fromMemorySegment(SHORTS, ALL, w2 + line, LITTLE);
        ShortVector v3 = ShortVector.fromMemorySegment(SHORTS, ALL, w3 + line, LITTLE);
        ShortVector a = IntVector.broadcast(INTS, x[pair + 0]).reinterpretAsShorts();
        p0 = p0.add(v0.and(mask).mul(a));
        p1 = p1.add(v1.and(mask).mul(a));
        p2 = p2.add(v2.and(mask).mul(a));
        p3 = p3.add(v3.and(mask).mul(a));
        a = IntVector.broadcast(INTS, x[pair + 1]).reinterpretAsShorts();
        p0 = p0.add(v0.lanewise(LSHR, 8).and(mask).mul(a));
        p1 = p1.add(v1.lanewise(LSHR, 8).and(mask).mul(a));
        p2 = p2.add(v2.lanewise(LSHR, 8).and(mask).mul(a));
        p3 = p3.add(v3.lanewise(LSHR, 8).and(mask).mul(a));
        a = IntVector.broadcast(INTS, x[pair + 8]).reinterpretAsShorts();
        p0 = p0.add(v0.lanewise(LSHR, 4).and(mask).mul(a));
        p1 = p1.add(v1.lanewise(LSHR, 4).and(mask).mul(a));
        p2 = p2.add(v2.lanewise(LSHR, 4).and(mask).mul(a));
        p3 = p3.add(v3.lanewise(LSHR, 4).and(mask).mul(a));
        a = IntVector.broadcast(INTS, x[pair + 9]).reinterpretAsShorts();
        p0 = p0.add(v0.lanewise(LSHR, 12).mul(a));
        p1 = p1.add(v1.lanewise(LSHR, 12).mul(a));
        p2 = p2.add(v2.lanewise(LSHR, 12).mul(a));
        p3 = p3.add(v3.lanewise(LSHR, 12).mul(a));
      }
      p0.intoArray(sums, 4 * g * LANES);
      p1.intoArray(sums, (4 * g + 1) * LANES);
      p2.intoArray(sums, (4 * g + 2) * LANES);
      p3.intoArray(sums, (4 * g + 3) * LANES);
    }
  }

  /// Sums the products of `blocks` blocks in the layout of [PackedQ8], as [#q4] does. Two products
  /// of int8 fit int16; four of them are added as int32.
  static void q8(int[] x, int at, long w0, long w1, long w2, long w3, int[] sums, int blocks) {
    for (int g = 0; g < blocks; g++) {
      IntVector p0 = IntVector.zero(INTS);
      IntVector p1 = p0;
      IntVector p2 = p0;
      IntVector p3 = p0;
      for (int l = 0; l < 8; l++) {
        long line = (long) g * PackedQ8.STEP + (long) l * LINE;
        int pair = at + 16 * g + 2 * l;
        ShortVector even = IntVector.broadcast(INTS, x[pair]).reinterpretAsShorts();
        ShortVector odd = IntVector.broadcast(INTS, x[pair + 1]).reinterpretAsShorts();
        ShortVector v = ShortVector.fromMemorySegment(SHORTS, ALL, w0 + line, LITTLE);
        IntVector both =
            v.lanewise(LSHL, 8)
                .lanewise(ASHR, 8)
                .mul(even)
                .add(v.lanewise(ASHR, 8).mul(odd))
                .reinterpretAsInts();
        p0 = p0.add(both.lanewise(ASHR, 16)).add(both.lanewise(LSHL, 16).lanewise(ASHR, 16));
        v = ShortVector.fromMemorySegment(SHORTS, ALL, w1 + line, LITTLE);
        both =
            v.lanewise(LSHL, 8)
                .lanewise(ASHR, 8)
                .mul(even)
                .add(v.lanewise(ASHR, 8).mul(odd))
                .reinterpretAsInts();
        p1 = p1.add(both.lanewise(ASHR, 16)).add(both.lanewise(LSHL, 16).lanewise(ASHR, 16));
        v = ShortVector.fromMemorySegment(SHORTS, ALL, w2 + line, LITTLE);
        both =
            v.lanewise(LSHL, 8)
                .lanewise(ASHR, 8)
                .mul(even)
                .add(v.lanewise(ASHR, 8).mul(odd))
                .reinterpretAsInts();
        p2 = p2.add(both.lanewise(ASHR, 16)).add(both.lanewise(LSHL, 16).lanewise(ASHR, 16));
        v = ShortVector.fromMemorySegment(SHORTS, ALL, w3 + line, LITTLE);
        both =
            v.lanewise(LSHL, 8)
                .lanewise(ASHR, 8)
                .mul(even)
                .add(v.lanewise(ASHR, 8).mul(odd))
                .reinterpretAsInts();
        p3 = p3.add(both.lanewise(ASHR, 16)).add(both.lanewise(LSHL, 16).lanewise(ASHR, 16));
      }
      p0.intoArray(sums, 4 * g * COUNT);
      p1.intoArray(sums, (4 * g + 1) * COUNT);
      p2.intoArray(sums, (4 * g + 2) * COUNT);
      p3.intoArray(sums, (4 * g + 3) * COUNT);
    }
  }

  /// Adds the sums of [#q4] to a vector of results at `out[to ..]`.
  ///
  /// @param eights eight times the sum of each block's activations, since levels start at -8
  /// @param d the scale of each block's activations
  /// @param scales address of the scales of the first block
  /// @param v which of the four vectors
  static void finish4(
      short[] sums,
      int v,
      int[] eights,
      float[] d,
      int at,
      long scales,
      float[] out,
      int to,
      int blocks) {
    FloatVector c = FloatVector.fromArray(FLOATS, out, to);
    for (int g = 0; g < blocks; g++) {
      IntVector both = ShortVector.fromArray(SHORTS, sums, (4 * g + v) * LANES).reinterpretAsInts();
      IntVector sum =
          both.lanewise(ASHR, 16)
              .add(both.lanewise(LSHL, 16).lanewise(ASHR, 16))
              .sub(eights[at + g]);
      FloatVector scale = Native.halves(scales + (long) g * PackedQ4.STEP);
      c =
          ((FloatVector) sum.convertShape(VectorOperators.I2F, FLOATS, 0))
              .fma(scale.mul(d[at + g]), c);
    }
    c.intoArray(out, to);
  }

  /// Adds the sums of [#q8] to a vector of results; parameters as in [#finish4].
  static void finish8(
      int[] sums, int v, float[] d, int at, long scales, float[] out, int to, int blocks) {
    FloatVector c = FloatVector.fromArray(FLOATS, out, to);
    for (int g = 0; g < blocks; g++) {
      IntVector sum = IntVector.fromArray(INTS, sums, (4 * g + v) * COUNT);
      FloatVector scale = Native.halves(scales + (long) g * PackedQ8.STEP);
      c =
          ((FloatVector) sum.convertShape(VectorOperators.I2F, FLOATS, 0))
              .fma(scale.mul(d[at + g]), c);
    }
    c.intoArray(out, to);
  }
}
