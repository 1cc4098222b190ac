package org.tokapu.tensor.reference;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.tokapu.tensor.AttentionRun;
import org.tokapu.tensor.KvLayout;
import org.tokapu.tensor.KvLayout.KvType;
import org.tokapu.tensor.Tensor;

/// Writes and reads single keys and values of a page; how each [KvType] rounds is defined here.
public final class KvElements {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private KvElements() {}

  /// Stores the keys and values of every row of a run.
  public static void storeRun(Tensor k, Tensor v, AttentionRun run, int layer) {
    KvLayout layout = run.kv().layout();
    for (int row = 0; row < run.rows(); row++) {
      int position = run.start() + row;
      int at = position % layout.pageTokens();
      MemorySegment page = Shapes.page(run.kv(), layer, position / layout.pageTokens());
      for (int head = 0; head < layout.kvHeads(); head++) {
        long source =
            ((long) (run.firstRow() + row) * k.cols() + (long) head * layout.headDim())
                * Float.BYTES;
        storeKey(layout, page, head, at, k.data(), source);
        storeValue(layout, page, head, at, v.data(), source);
      }
    }
  }

  /// Stores the key of one head and position, `headDim` elements from `offset` bytes of `source`.
  public static void storeKey(
      KvLayout layout,
      MemorySegment page,
      int kvHead,
      int position,
      MemorySegment source,
      long offset) {
    float inverse = 0;
    if (layout.type() == KvType.Q8) {
      float scale = scale(source, offset, layout.headDim());
      page.set(FLOAT, layout.keyScaleOffset(kvHead, position), scale);
      inverse = inverse(scale);
    }
    long at = layout.keyOffset(kvHead, position, 0);
    long step = (long) KvLayout.TILE * layout.type().bytes();
    for (int i = 0; i < layout.headDim(); i++) {
      float value = source.get(FLOAT, offset + 4L * i);
      store(layout.type(), page, at + i * step, value, inverse);
    }
  }

  /// Stores the value of one head and position, `headDim` elements from `offset` bytes of `source`.
  public static void storeValue(
      KvLayout layout,
      MemorySegment page,
      int kvHead,
      int position,
      MemorySegment source,
      long offset) {
    float inverse = 0;
    if (layout.type() == KvType.Q8) {
      float scale = scale(source, offset, layout.headDim());
      page.set(FLOAT, layout.valueScaleOffset(kvHead, position), scale);
      inverse = inverse(scale);
    }
    long at = layout.valueOffset(kvHead, position, 0);
    for (int i = 0; i < layout.headDim(); i++) {
      float value = source.get(FLOAT, offset + 4L * i);
      store(layout.type(), page, at + (long) i * layout.type().bytes(), value, inverse);
    }
  }

  /// Returns one element of a key.
  public static float key(KvLayout layout, MemorySegment page, int kvHead, int position, int i) {
    float raw = load(layout.type(), page, layout.keyOffset(kvHead, position, i));
    return layout.type() == KvType.Q8
        ? raw * page.get(FLOAT, layout.keyScaleOffset(kvHead, position))
        : raw;
  }

  /// Returns one element of a value.
  public static float value(KvLayout layout, MemorySegment page, int kvHead, int position, int i) {
    float raw = load(layout.type(), page, layout.valueOffset(kvHead, position, i));
    return layout.type() == KvType.Q8
        ? raw * page.get(FLOAT, layout.valueScaleOffset(kvHead, position))
        : raw;
  }

  private static float scale(MemorySegment source, long offset, int count) {
    float max = 0;
    for (int i = 0; i < count; i++) {
      max = Math.max(max, Math.abs(source.get(FLOAT, offset + 4L * i)));
    }
    return max / 127;
  }

  private static float inverse(float scale) {
    // A scale so small that its inverse overflows stands for nothing but zeros.
    float inverse = 1 / scale;
    return Float.isInfinite(inverse) ? 0 : inverse;
  }

  private static void store(
      KvType type, MemorySegment page, long at, float value, float inverseScale) {
    switch (type) {
      case F32 -> page.set(FLOAT, at, value);
      case F16 -> page.set(SHORT, at, Float.floatToFloat16(value));
      case BF16 -> page.set(SHORT, at, toBf16(value));
      case Q8 -> {
        int q = (int) Math.rint(value * inverseScale);
        page.set(ValueLayout.JAVA_BYTE, at, (byte) Math.clamp(q, -127, 127));
      }
    }
  }

  private static float load(KvType type, MemorySegment page, long at) {
    return switch (type) {
      case F32 -> page.get(FLOAT, at);
      case F16 -> Float.float16ToFloat(page.get(SHORT, at));
      case BF16 -> Float.intBitsToFloat(page.get(SHORT, at) << 16);
      case Q8 -> page.get(ValueLayout.JAVA_BYTE, at);
    };
  }

  private static short toBf16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) ((bits >>> 16) | 0x40);
    }
    return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }
}
