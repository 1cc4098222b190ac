package org.tokapu.tensor.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.tokapu.tensor.KvLayout;
import org.tokapu.tensor.KvView;
import org.tokapu.tensor.reference.Shapes;

/// Reads one head's keys and values of a paged cache as float32, some positions at a time.
///
/// @param width floats from one position's values to the next, `headDim` or more
record KvChunks(KvView kv, int layer, int kvHead, int width) {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// Loads the tiles of keys that hold positions `start .. start + count`; what lies in them beyond
  /// is unspecified.
  ///
  /// @param start a multiple of 16
  /// @param out `[count / 16][headDim][16]`
  void loadKeys(int start, int count, float[] out) {
    KvLayout layout = kv.layout();
    int size = layout.headDim();
    for (int tile = 0; tile < count; tile += KvLayout.TILE) {
      int at = (start + tile) % layout.pageTokens();
      MemorySegment page = page(start + tile);
      long from = layout.keyOffset(kvHead, at, 0);
      load(page, from, out, tile * size, size * KvLayout.TILE);
      if (layout.type() == KvLayout.KvType.Q8) {
        for (int p = 0; p < KvLayout.TILE; p++) {
          float scale = page.get(FLOAT, layout.keyScaleOffset(kvHead, at + p));
          for (int d = 0; d < size; d++) {
            out[tile * size + d * KvLayout.TILE + p] *= scale;
          }
        }
      }
    }
  }

  /// Loads the values of positions `start .. start + count`; columns beyond `headDim` are zero.
  ///
  /// @param out `[count][width]`
  void loadValues(int start, int count, float[] out) {
    KvLayout layout = kv.layout();
    int size = layout.headDim();
    for (int p = 0; p < count; p++) {
      int at = (start + p) % layout.pageTokens();
      MemorySegment page = page(start + p);
      load(page, layout.valueOffset(kvHead, at, 0), out, p * width, size);
      Arrays.fill(out, p * width + size, (p + 1) * width, 0f);
      if (layout.type() == KvLayout.KvType.Q8) {
        float scale = page.get(FLOAT, layout.valueScaleOffset(kvHead, at));
        for (int d = p * width; d < p * width + size; d++) {
          out[d] *= scale;
        }
      }
    }
  }

  private MemorySegment page(int position) {
    return Shapes.page(kv, layer, position / kv.layout().pageTokens());
  }

  private void load(MemorySegment page, long from, float[] out, int at, int count) {
    switch (kv.layout().type()) {
      case F32 -> MemorySegment.copy(page, FLOAT, from, out, at, count);
      case F16 -> RowDecoder.f16(page, from, out, at, count);
      case BF16 -> RowDecoder.bf16(page, from, out, at, count);
      case Q8 -> {
        for (int i = 0; i < count; i++) {
          out[at + i] = page.get(ValueLayout.JAVA_BYTE, from + i);
        }
      }
    }
  }
}
