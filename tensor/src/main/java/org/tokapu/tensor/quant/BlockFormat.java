package org.tokapu.tensor.quant;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;
import org.tokapu.tensor.QuantFormat;

/// A format whose blocks hold several weights and shared scales; by itself read-only.
///
/// Bytes come from the segment in bulk, some blocks at a time; a subclass decodes one block.
abstract class BlockFormat implements QuantFormat {
  /// Bytes copied at a time: fits the first-level cache together with the decoded floats.
  private static final int CHUNK_BYTES = 4096;

  private final String name;
  private final int ggufId;
  private final int blockSize;
  private final int blockBytes;

  BlockFormat(String name, int ggufId, int blockSize, int blockBytes) {
    this.name = name;
    this.ggufId = ggufId;
    this.blockSize = blockSize;
    this.blockBytes = blockBytes;
  }

  /// Decodes the block at `in[at ..]` to `out[outAt .. outAt + blockSize)`.
  abstract void decodeBlock(byte[] in, int at, float[] out, int outAt);

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
    return blockSize;
  }

  @Override
  public final int blockBytes() {
    return blockBytes;
  }

  @Override
  public boolean writable() {
    return false;
  }

  @Override
  public final void decode(
      MemorySegment source, long offset, float[] out, int outOffset, int count) {
    int blocks = blocks(count);
    int perChunk = blocksPerChunk(blocks);
    byte[] chunk = new byte[perChunk * blockBytes];
    for (int done = 0; done < blocks; done += perChunk) {
      int n = Math.min(perChunk, blocks - done);
      MemorySegment.copy(
          source,
          ValueLayout.JAVA_BYTE,
          offset + (long) done * blockBytes,
          chunk,
          0,
          n * blockBytes);
      for (int i = 0; i < n; i++) {
        decodeBlock(chunk, i * blockBytes, out, outOffset + (done + i) * blockSize);
      }
    }
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
    throw new UnsupportedOperationException(
        name + " can be read but not written; choose one of the writable formats");
  }

  /// Returns how many blocks `count` weights take.
  final int blocks(int count) {
    if (count < 0 || count % blockSize != 0) {
      throw new IllegalArgumentException(
          "%d weights do not fill whole blocks of %s, which hold %d"
              .formatted(count, name, blockSize));
    }
    return count / blockSize;
  }

  /// Returns how many of `blocks` blocks are worked on at a time, at least one.
  final int blocksPerChunk(int blocks) {
    return Math.clamp(blocks, 1, Math.max(1, CHUNK_BYTES / blockBytes));
  }

  @Override
  public final String toString() {
    return name;
  }
}
