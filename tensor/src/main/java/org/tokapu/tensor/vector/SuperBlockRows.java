package org.tokapu.tensor.vector;

import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static org.tokapu.tensor.vector.Lanes.COUNT;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.ByteVector;

/// Decodes rows of Q4_K and Q6_K; the formats are specified in their own classes.
final class SuperBlockRows {
  private SuperBlockRows() {}

  private static int u8(MemorySegment data, long at) {
    return data.get(ValueLayout.JAVA_BYTE, at) & 0xff;
  }

  private static ByteVector bytes(MemorySegment data, long at) {
    return ByteVector.fromMemorySegment(
        RowDecoder.Narrow.BYTES, data, at, RowDecoder.Narrow.LITTLE);
  }

  static void q4k(MemorySegment data, long from, float[] out, int at, int count) {
    for (int i = 0; i < count; i += 256) {
      long block = from + i / 256 * 144L;
      float d = RowDecoder.Narrow.scale(data, block);
      float dmin = RowDecoder.Narrow.scale(data, block + 2);
      for (int j = 0; j < 8; j++) {
        long packed = block + 4 + j;
        int scale;
        int min;
        if (j < 4) {
          scale = u8(data, packed) & 63;
          min = u8(data, packed + 4) & 63;
        } else {
          scale = u8(data, packed + 4) & 15 | u8(data, packed - 4) >> 6 << 4;
          min = u8(data, packed + 4) >> 4 | u8(data, packed) >> 6 << 4;
        }
        part4(
            data,
            block + 16 + 32L * (j / 2),
            4 * (j & 1),
            d * scale,
            dmin * min,
            out,
            at + i + 32 * j);
      }
    }
  }

  private static void part4(
      MemorySegment data, long from, int shift, float scale, float min, float[] out, int at) {
    for (int i = 0; i < 32; i += COUNT) {
      ByteVector q = bytes(data, from + i).lanewise(LSHR, shift).and((byte) 15);
      RowDecoder.Narrow.floats(q).mul(scale).sub(min).intoArray(out, at + i);
    }
  }

  static void q6k(MemorySegment data, long from, float[] out, int at, int count) {
    for (int i = 0; i < count; i += 256) {
      long block = from + i / 256 * 210L;
      float d = RowDecoder.Narrow.scale(data, block + 208);
      for (int j = 0; j < 16; j++) {
        int k = j / 2 & 3;
        long low = block + 64L * (j / 8) + 16L * (j & 3);
        long high = block + 128 + 32L * (j / 8) + 16L * (j & 1);
        float scale = d * data.get(ValueLayout.JAVA_BYTE, block + 192 + j);
        part6(data, low, 4 * (k / 2), high, 2 * k, scale, out, at + i + 16 * j);
      }
    }
  }

  private static void part6(
      MemorySegment data,
      long low,
      int lowShift,
      long high,
      int highShift,
      float scale,
      float[] out,
      int at) {
    for (int i = 0; i < 16; i += COUNT) {
      ByteVector q = bytes(data, low + i).lanewise(LSHR, lowShift).and((byte) 15);
      ByteVector upper = bytes(data, high + i).lanewise(LSHR, highShift).and((byte) 3);
      ByteVector level = q.or(upper.lanewise(LSHL, 4)).sub((byte) 32);
      RowDecoder.Narrow.floats(level).mul(scale).intoArray(out, at + i);
    }
  }
}
