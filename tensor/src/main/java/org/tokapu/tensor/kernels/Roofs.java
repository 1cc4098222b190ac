package org.tokapu.tensor.kernels;

import org.tokapu.tensor.Parallel;
import org.tokapu.tensor.vector.RoofLoops;

/// What this machine can do at best with some number of threads: how fast it reads memory, and how
/// fast it multiplies and adds in float32.
///
/// Generation cannot be faster than the weights are read. Prompts are held against the float32
/// rate; products of small integers may exceed it.
///
/// @param bytesPerSecond reading far more than the caches hold, from one end to the other
/// @param flopsPerSecond fused multiply-adds of the widest vectors, each counted as two
public record Roofs(double bytesPerSecond, double flopsPerSecond) {
  private static final int ROUNDS = 5;

  /// Measures for a second or two, the best of some rounds. Takes 1 GiB of memory meanwhile.
  public static Roofs measure(Parallel parallel) {
    int width = parallel.width();
    try (RoofLoops loops = new RoofLoops(1L << 30, width)) {
      double bytes = 0;
      double flops = 0;
      for (int round = 0; round < ROUNDS; round++) {
        long start = System.nanoTime();
        // Pieces are claimed one by one, so a core that others slow down reads less.
        parallel.run(loops.pieces(), (piece, worker) -> loops.read(piece, worker));
        long middle = System.nanoTime();
        parallel.run(8 * width, (piece, worker) -> loops.multiply(worker));
        long end = System.nanoTime();
        bytes = Math.max(bytes, loops.bytes() / ((middle - start) * 1e-9));
        flops = Math.max(flops, 8.0 * width * RoofLoops.FLOPS / ((end - middle) * 1e-9));
      }
      return new Roofs(bytes, flops);
    }
  }
}
