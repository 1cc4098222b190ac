package org.tokapu.tensor.vector;

import static org.tokapu.tensor.vector.Lanes.COUNT;
import static org.tokapu.tensor.vector.Lanes.FLOATS;
import static org.tokapu.tensor.vector.Lanes.INTS;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.tokapu.tensor.QuantFormat;
import org.tokapu.tensor.Weight;
import org.tokapu.tensor.quant.Bf16;
import org.tokapu.tensor.quant.F16;
import org.tokapu.tensor.quant.Q4K;
import org.tokapu.tensor.quant.Q4_0;
import org.tokapu.tensor.quant.Q6K;
import org.tokapu.tensor.quant.Q8_0;

/// Decodes a weight row to float32, bit for bit as its [QuantFormat] does.
interface RowDecoder {
  /// Decodes the row that starts at byte `from` of `data` to `out[at .. at + count)`.
  void decode(MemorySegment data, long from, float[] out, int at, int count);

  /// Returns the fastest decoder for the format of `weight`.
  static RowDecoder of(Weight.Stored weight) {
    QuantFormat format = weight.format();
    boolean bytes = COUNT == 8 || COUNT == 16;
    if (format.equals(Q4_0.FORMAT) && bytes) {
      return RowDecoder::q4;
    }
    if (format.equals(Q8_0.FORMAT) && bytes) {
      return RowDecoder::q8;
    }
    if (format.equals(Q4K.FORMAT) && bytes) {
      return SuperBlockRows::q4k;
    }
    if (format.equals(Q6K.FORMAT) && bytes) {
      return SuperBlockRows::q6k;
    }
    if (format.equals(F16.FORMAT)) {
      return RowDecoder::f16;
    }
    if (format.equals(Bf16.FORMAT)) {
      return RowDecoder::bf16;
    }
    return format::decode;
  }

  private static void q4(MemorySegment data, long from, float[] out, int at, int count) {
    for (int i = 0; i < count; i += 32) {
      long block = from + i / 32 * 18L;
      float scale = Narrow.scale(data, block);
      for (int j = 0; j < 16; j += COUNT) {
        ByteVector both =
            ByteVector.fromMemorySegment(Narrow.BYTES, data, block + 2 + j, Narrow.LITTLE);
        ByteVector low = both.and((byte) 15).sub((byte) 8);
        ByteVector high = both.lanewise(VectorOperators.LSHR, 4).and((byte) 15).sub((byte) 8);
        Narrow.floats(low).mul(scale).intoArray(out, at + i + j);
        Narrow.floats(high).mul(scale).intoArray(out, at + i + 16 + j);
      }
    }
  }

  private static void q8(MemorySegment data, long from, float[] out, int at, int count) {
    for (int i = 0; i < count; i += 32) {
      long block = from + i / 32 * 34L;
      float scale = Narrow.scale(data, block);
      for (int j = 0; j < 32; j += COUNT) {
        ByteVector q =
            ByteVector.fromMemorySegment(Narrow.BYTES, data, block + 2 + j, Narrow.LITTLE);
        Narrow.floats(q).mul(scale).intoArray(out, at + i + j);
      }
    }
  }

  /// Moves exponent and mantissa into place and corrects the exponent by a product, which also
  /// normalises subnormal numbers; what ends above the range of F16 was infinite or not a number.
  static void f16(MemorySegment data, long from, float[] out, int at, int count) {
    int whole = FLOATS.loopBound(count);
    for (int i = 0; i < whole; i += COUNT) {
      IntVector half = Narrow.ints(data, from + 2L * i);
      FloatVector value =
          half.and(0x7fff).lanewise(VectorOperators.LSHL, 13).reinterpretAsFloats().mul(0x1p112f);
      VectorMask<Float> special = value.compare(VectorOperators.GE, 65536f);
      IntVector bits = value.reinterpretAsInts();
      bits = bits.lanewise(VectorOperators.OR, 0x7f800000, special.cast(INTS));
      bits = bits.or(half.and(0x8000).lanewise(VectorOperators.LSHL, 16));
      bits.reinterpretAsFloats().intoArray(out, at + i);
    }
    F16.FORMAT.decode(data, from + 2L * whole, out, at + whole, count - whole);
  }

  static void bf16(MemorySegment data, long from, float[] out, int at, int count) {
    int whole = FLOATS.loopBound(count);
    for (int i = 0; i < whole; i += COUNT) {
      Narrow.ints(data, from + 2L * i)
          .lanewise(VectorOperators.LSHL, 16)
          .reinterpretAsFloats()
          .intoArray(out, at + i);
    }
    Bf16.FORMAT.decode(data, from + 2L * whole, out, at + whole, count - whole);
  }

  /// Reads as many small numbers as a float vector has lanes.
  final class Narrow {
    static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;

    static final VectorSpecies<Byte> BYTES =
        VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, 8 * COUNT)));
    static final VectorSpecies<Short> SHORTS =
        VectorSpecies.of(short.class, VectorShape.forBitSize(16 * COUNT));

    private static final ValueLayout.OfShort SHORT =
        ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE);

    private Narrow() {}

    static float scale(MemorySegment data, long at) {
      return Float.float16ToFloat(data.get(SHORT, at));
    }

    static FloatVector floats(ByteVector bytes) {
      return (FloatVector) bytes.convertShape(VectorOperators.B2F, FLOATS, 0);
    }

    static IntVector ints(MemorySegment data, long at) {
      return (IntVector)
          ShortVector.fromMemorySegment(SHORTS, data, at, LITTLE)
              .convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0);
    }
  }
}
