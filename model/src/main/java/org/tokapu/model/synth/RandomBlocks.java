package org.tokapu.model.synth;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.SplittableRandom;
import org.tokapu.tensor.QuantFormat;

/// Random normal weights in a storage format, as fast as a disk takes them.
///
/// Encoding a real matrix can take a minute of search; so some thousand blocks are encoded once,
/// and matrices are drawn from them block by block. Not thread-safe.
final class RandomBlocks {
  /// Enough that no two rows of a matrix are alike, few enough to encode in a moment.
  private static final int BANK_WEIGHTS = 1 << 20;

  private static final int CHUNK_BYTES = 4 << 20;

  private final QuantFormat format;
  private final byte[] bank;
  private final int blocks;
  private final int runBlocks;

  /// Encodes the bank.
  ///
  /// @param deviation the standard deviation of the weights
  RandomBlocks(QuantFormat format, double deviation, long seed) {
    this.format = format;
    // Formats without blocks are drawn in runs, for a call per weight would be slow.
    runBlocks = Math.max(1, 32 / format.blockSize());
    blocks = BANK_WEIGHTS / format.blockSize();
    float[] values = new float[blocks * format.blockSize()];
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian(0, deviation);
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment encoded = arena.allocate(format.bytes(values.length), 64);
      format.encode(values, 0, values.length, null, 0, encoded, 0);
      bank = encoded.toArray(ValueLayout.JAVA_BYTE);
    }
  }

  /// Writes `weights` weights, drawn by `seed`.
  void write(long weights, long seed, WritableByteChannel out) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    int run = runBlocks * format.blockBytes();
    int starts = blocks - runBlocks + 1;
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES / run * run);
    for (long left = format.bytes(weights); left > 0; ) {
      chunk.clear();
      while (chunk.remaining() > 0 && chunk.position() < left) {
        int bytes = (int) Math.min(run, left - chunk.position());
        chunk.put(bank, random.nextInt(starts) * format.blockBytes(), bytes);
      }
      left -= chunk.position();
      chunk.flip();
      while (chunk.hasRemaining()) {
        out.write(chunk);
      }
    }
  }
}
