package org.tokapu.tensor.quant;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A block format that can be written too.
///
/// What a block becomes depends on its own weights and importances alone, never on its neighbours
/// or on how a matrix is cut into calls.
///
/// Hostile input never makes hostile output: NaN counts as 0, magnitudes beyond 65504 (the largest
/// F16, infinities included) as 65504 and those below 1e-20, far less than any scale can express,
/// as 0; so scales are always finite. Importances that are negative or not finite count as the
/// smallest that matters, 2^-24 of the block's largest; a block without a positive one is encoded
/// as if none were given. Scaling all importances of a block by a power of two changes nothing.
abstract class BlockCodec extends BlockFormat {
  private static final float SMALLEST = 1e-20f;
  private static final float SMALLEST_IMPORTANCE = 0x1p-24f;

  BlockCodec(String name, int ggufId, int blockSize, int blockBytes) {
    super(name, ggufId, blockSize, blockBytes);
  }

  /// Returns an encoder for the blocks of one call.
  abstract BlockEncoder encoder();

  @Override
  public final boolean writable() {
    return true;
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
    int blocks = blocks(count);
    int perChunk = blocksPerChunk(blocks);
    BlockEncoder encoder = encoder();
    byte[] chunk = new byte[perChunk * blockBytes()];
    float[] x = new float[blockSize()];
    float[] scratch = new float[importance == null ? 0 : blockSize()];
    for (int done = 0; done < blocks; done += perChunk) {
      int n = Math.min(perChunk, blocks - done);
      Arrays.fill(chunk, (byte) 0);
      for (int i = 0; i < n; i++) {
        int from = (done + i) * blockSize();
        clean(in, inOffset + from, x);
        float[] weights =
            importance == null ? null : positive(importance, importanceOffset + from, scratch);
        encoder.encode(x, weights, chunk, i * blockBytes());
      }
      MemorySegment.copy(
          chunk,
          0,
          target,
          ValueLayout.JAVA_BYTE,
          offset + (long) done * blockBytes(),
          n * blockBytes());
    }
  }

  private static void clean(float[] in, int from, float[] x) {
    for (int i = 0; i < x.length; i++) {
      float v = in[from + i];
      float magnitude = Math.abs(v);
      // The comparison is false for NaN too.
      x[i] = magnitude >= SMALLEST ? Math.clamp(v, -Half.F16_MAX, Half.F16_MAX) : 0;
    }
  }

  /// Copies importances, scaled so that the largest lies in `[1, 2)`; null if none is positive.
  private static float @Nullable [] positive(float[] importance, int from, float[] out) {
    float max = 0;
    for (int i = 0; i < out.length; i++) {
      float v = importance[from + i];
      if (v > max && v <= Float.MAX_VALUE) {
        max = v;
      }
    }
    if (max == 0) {
      return null;
    }
    int exponent = -Math.getExponent(max);
    for (int i = 0; i < out.length; i++) {
      float v = importance[from + i];
      boolean usable = v > 0 && v <= Float.MAX_VALUE;
      out[i] =
          usable ? Math.max(Math.scalb(v, exponent), SMALLEST_IMPORTANCE) : SMALLEST_IMPORTANCE;
    }
    return out;
  }
}
