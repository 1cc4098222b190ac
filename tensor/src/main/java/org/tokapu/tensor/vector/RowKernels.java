package org.tokapu.tensor.vector;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.I2F;
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

  /// What the lower lanes of a block's lines are too large.
  private static final int LOWER = PackedQ8.LINES << 15;

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

  /// Sums the products of `blocks` blocks in the layout of [PackedQ8], as [#q4] does.
  ///
  /// An int16 `v` holds two weights, `v = u + 256 b` with `u = a + 128`, and `b = v >> 8`. Two
  /// products fit int16, so modulo 2^16 `x a + y b = x v + (y - 256 x) b - 128 x`. Sums of the
  /// upper and of both lanes are kept as int32; the lower lane is 32,768 too large, hence never
  /// negative, and what both have beyond the upper one.
  ///
  /// @param x `x`, `y - 256 x` and the rest for each line of the first block, at `at`
  static void q8(int[] x, int at, long w0, long w1, long w2, long w3, int[] sums, int blocks) {
    for (int g = 0; g < blocks; g++) {
      IntVector p0 = IntVector.zero(INTS);
      IntVector p1 = p0;
      IntVector p2 = p0;
      IntVector p3 = p0;
      IntVector h0 = p0;
      IntVector h1 = p0;
      IntVector h2 = p0;
      IntVector h3 = p0;
      for (int l = 0; l < PackedQ8.LINES; l++) {
        long line = (long) g * PackedQ8.STEP + (long) l * LINE;
        int i = at + Activations.TRIPLES * g + 3 * l;
        ShortVector first = IntVector.broadcast(INTS, x[i]).reinterpretAsShorts();
        ShortVector second = IntVector.broadcast(INTS, x[i + 1]).reinterpretAsShorts();
        ShortVector rest = IntVector.broadcast(INTS, x[i + 2]).reinterpretAsShorts();
        ShortVector v = ShortVector.fromMemorySegment(SHORTS, ALL, w0 + line, LITTLE);
        IntVector both =
            v.mul(first).add(v.lanewise(ASHR, 8).mul(second)).add(rest).reinterpretAsInts();
        p0 = p0.add(both);
        h0 = h0.add(both.lanewise(ASHR, 16));
        v = ShortVector.fromMemorySegment(SHORTS, ALL, w1 + line, LITTLE);
        both = v.mul(first).add(v.lanewise(ASHR, 8).mul(second)).add(rest).reinterpretAsInts();
        p1 = p1.add(both);
        h1 = h1.add(both.lanewise(ASHR, 16));
        v = ShortVector.fromMemorySegment(SHORTS, ALL, w2 + line, LITTLE);
        both = v.mul(first).add(v.lanewise(ASHR, 8).mul(second)).add(rest).reinterpretAsInts();
        p2 = p2.add(both);
        h2 = h2.add(both.lanewise(ASHR, 16));
        v = ShortVector.fromMemorySegment(SHORTS, ALL, w3 + line, LITTLE);
        both = v.mul(first).add(v.lanewise(ASHR, 8).mul(second)).add(rest).reinterpretAsInts();
        p3 = p3.add(both);
        h3 = h3.add(both.lanewise(ASHR, 16));
      }
      p0.sub(h0.lanewise(LSHL, 16)).add(h0).sub(LOWER).intoArray(sums, 4 * g * COUNT);
      p1.sub(h1.lanewise(LSHL, 16)).add(h1).sub(LOWER).intoArray(sums, (4 * g + 1) * COUNT);
      p2.sub(h2.lanewise(LSHL, 16)).add(h2).sub(LOWER).intoArray(sums, (4 * g + 2) * COUNT);
      p3.sub(h3.lanewise(LSHL, 16)).add(h3).sub(LOWER).intoArray(sums, (4 * g + 3) * COUNT);
    }
  }

  /// Adds the sums of [#q4] to a vector of results at `out[to ..]`.
  ///
  /// One vector a call: all four in one method cost a fifth of the speed of generation.
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
      FloatVector scale = Native.halves(scales + (long) g * Packed.SCALES);
      c = ((FloatVector) sum.convertShape(I2F, FLOATS, 0)).fma(scale.mul(d[at + g]), c);
    }
    c.intoArray(out, to);
  }

  /// Adds the sums of [#q8] to four vectors of results at `out[to ..]`.
  ///
  /// @param d the scale of each block's activations
  /// @param s0 address of the scales of the first block, and so on
  static void finish8(
      int[] sums,
      float[] d,
      int at,
      long s0,
      long s1,
      long s2,
      long s3,
      float[] out,
      int to,
      int blocks) {
    FloatVector c0 = FloatVector.fromArray(FLOATS, out, to);
    FloatVector c1 = FloatVector.fromArray(FLOATS, out, to + COUNT);
    FloatVector c2 = FloatVector.fromArray(FLOATS, out, to + 2 * COUNT);
    FloatVector c3 = FloatVector.fromArray(FLOATS, out, to + 3 * COUNT);
    for (int g = 0; g < blocks; g++) {
      long block = (long) g * Packed.SCALES;
      int at0 = 4 * g * COUNT;
      float dx = d[at + g];
      IntVector sum = IntVector.fromArray(INTS, sums, at0);
      FloatVector scale = Native.halves(s0 + block).mul(dx);
      c0 = ((FloatVector) sum.convertShape(I2F, FLOATS, 0)).fma(scale, c0);
      sum = IntVector.fromArray(INTS, sums, at0 + COUNT);
      scale = Native.halves(s1 + block).mul(dx);
      c1 = ((FloatVector) sum.convertShape(I2F, FLOATS, 0)).fma(scale, c1);
      sum = IntVector.fromArray(INTS, sums, at0 + 2 * COUNT);
      scale = Native.halves(s2 + block).mul(dx);
      c2 = ((FloatVector) sum.convertShape(I2F, FLOATS, 0)).fma(scale, c2);
      sum = IntVector.fromArray(INTS, sums, at0 + 3 * COUNT);
      scale = Native.halves(s3 + block).mul(dx);
      c3 = ((FloatVector) sum.convertShape(I2F, FLOATS, 0)).fma(scale, c3);
    }
    c0.intoArray(out, to);
    c1.intoArray(out, to + COUNT);
    c2.intoArray(out, to + 2 * COUNT);
    c3.intoArray(out, to + 3 * COUNT);
  }
}
