package org.tokapu.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/// Turns texts into vectors by the loop of a model, beside generations.
final class Embedder {
  /// How many inputs are submitted at once: enough to fill a batch with short ones, few enough to
  /// leave the queue to others.
  private static final int AHEAD = 16;

  private static final int LOOK_MILLIS = 50;

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

  int size() {
    return dim;
  }

  /// Returns a vector for each input, and waits for them, as long as nobody says otherwise.
  List<float[]> embed(List<int[]> inputs, String scope, BooleanSupplier cancelled) {
    List<float[]> out = new ArrayList<>();
    Deque<EmbeddingSequence> ahead = new ArrayDeque<>();
    try {
      for (int[] input : inputs) {
        if (ahead.size() == AHEAD) {
          out.add(await(ahead.element().vector(), cancelled));
          ahead.remove();
        }
        EmbeddingSequence sequence = new EmbeddingSequence(scope, input, pooling, dim);
        loop.submit(sequence);
        ahead.add(sequence);
      }
      while (!ahead.isEmpty()) {
        out.add(await(ahead.element().vector(), cancelled));
        ahead.remove();
      }
      return out;
    } finally {
      ahead.forEach(EmbeddingSequence::cancel);
      loop.wake();
    }
  }

  private static float[] await(CompletableFuture<float[]> vector, BooleanSupplier cancelled) {
    while (!cancelled.getAsBoolean()) {
      try {
        return vector.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        // Not yet; look whether it is still wanted.
      } catch (ExecutionException e) {
        return EngineLoop.await(vector); // Throws what went wrong.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CancellationException("interrupted");
      }
    }
    throw new CancellationException("nobody waits for the vectors any more");
  }
}
