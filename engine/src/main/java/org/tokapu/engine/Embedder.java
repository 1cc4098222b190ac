package org.tokapu.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Turns texts into vectors by the loop of a model, beside generations.
final class Embedder {
  /// How many inputs are submitted at once: enough to fill a batch with short ones, few enough to
  /// leave the queue to others.
  private static final int AHEAD = 16;

  private final EngineLoop loop;
  private final Pooling pooling;
  private final int dim;

  Embedder(EngineLoop loop, Pooling pooling, int dim) {
    this.loop = loop;
    this.pooling = pooling;
    this.dim = dim;
  }

  Pooling pooling() {
    return pooling;
  }

  /// Returns a vector for each input, and waits for them.
  List<float[]> embed(List<int[]> inputs, String scope) {
    List<float[]> out = new ArrayList<>();
    Deque<EmbeddingSequence> ahead = new ArrayDeque<>();
    try {
      for (int[] input : inputs) {
        if (ahead.size() == AHEAD) {
          out.add(EngineLoop.await(ahead.element().vector()));
          ahead.remove();
        }
        EmbeddingSequence sequence = new EmbeddingSequence(scope, input, pooling, dim);
        loop.submit(sequence);
        ahead.add(sequence);
      }
      while (!ahead.isEmpty()) {
        out.add(EngineLoop.await(ahead.element().vector()));
        ahead.remove();
      }
      return out;
    } finally {
      ahead.forEach(EmbeddingSequence::cancel);
      loop.wake();
    }
  }
}
