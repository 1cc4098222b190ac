package org.tokapu.tensor.quant;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;
import org.tokapu.tensor.QuantFormat;

/// A 16-bit float format, little-endian: blocks of one, two bytes each. Non-finite values are
/// stored as they are.
abstract class HalfFormat implements QuantFormat {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int CHUNK = 2048;

  private final String name;
  private final int ggufId;

  HalfFormat(String name, int ggufId) {
    this.name = name;
    this.ggufId = ggufId;
  }

  /// Converts `count` numbers of `bits` to `out[outOffset ..]`.
  abstract void widen(short[] bits, int count, float[] out, int outOffset);

  /// Converts `count` numbers of `in[inOffset ..]` to `bits`.
  abstract void narrow(float[] in, int inOffset, int count, short[] bits);

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final int ggufId() {
    return ggufId;
  }

  @Override
  public final int blockSize() {
    return 1;
  }

  @Override
  public final int blockBytes() {
    return 2;
  }

  @Override
  public final void decode(
      MemorySegment source, long offset, float[] out, int outOffset, int count) {
    short[] chunk = new short[Math.min(count, CHUNK)];
    for (int done = 0; done < count; done += CHUNK) {
      int n = Math.min(CHUNK, count - done);
      MemorySegment.copy(source, SHORT, offset + 2L * done, chunk, 0, n);
      widen(chunk, n, out, outOffset + done);
    }
  }

  @Override
  public final void encode(
      float[] in,
      int inOffset,
      int count,
      float @Nullable [] importance,
      int importanceOffset,
      MemorySegment target,
      long offset) {
    short[] chunk = new short[Math.min(count, CHUNK)];
    for (int done = 0; done < count; done += CHUNK) {
      int n = Math.min(CHUNK, count - done);
      narrow(in, inOffset + done, n, chunk);
      MemorySegment.copy(chunk, 0, target, SHORT, offset + 2L * done, n);
    }
  }

  @Override
  public final String toString() {
    return name;
  }
}
