package org.tokapu.tensor.quant;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;
import org.tokapu.tensor.QuantFormat;

/// IEEE float32, little-endian.
public final class F32 implements QuantFormat {
  /// The format.
  public static final QuantFormat FORMAT = new F32();

  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private F32() {}

  @Override
  public String name() {
    return "F32";
  }

  @Override
  public int ggufId() {
    return 0;
  }

  @Override
  public int blockSize() {
    return 1;
  }

  @Override
  public int blockBytes() {
    return 4;
  }

  @Override
  public void decode(MemorySegment source, long offset, float[] out, int outOffset, int count) {
    MemorySegment.copy(source, FLOAT, offset, out, outOffset, count);
  }

  @Override
  public void encode(
      float[] in,
      int inOffset,
      int count,
      float @Nullable [] importance,
      int importanceOffset,
      MemorySegment target,
      long offset) {
    MemorySegment.copy(in, inOffset, target, FLOAT, offset, count);
  }
}
