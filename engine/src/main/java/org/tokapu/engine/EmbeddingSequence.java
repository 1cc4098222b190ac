package org.tokapu.engine;

import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.tokapu.tensor.Tensor;

/// A sequence that becomes one vector: its hidden states, pooled and of length 1.
///
/// Sums run over positions in their order and in double, so that neither chunks nor neighbours
/// change a bit.
final class EmbeddingSequence extends Sequence {
  private final Pooling pooling;
  private final double[] sum;
  private final CompletableFuture<float[]> vector = new CompletableFuture<>();
  private float[] result = {};

  EmbeddingSequence(String scope, int[] input, Pooling pooling, int dim) {
    super(scope, input);
    this.pooling = pooling;
    sum = new double[dim];
  }

  /// Returns the vector to come.
  CompletableFuture<float[]> vector() {
    return vector;
  }

  /// Takes the rows of one forward pass.
  ///
  /// @param hidden `[rows, dim]`, of which `rows` from `first` are this sequence's
  /// @param position of the first of them
  void add(Tensor hidden, int first, int rows, int position) {
    int last = tokens().length() - 1;
    for (int r = 0; r < rows; r++) {
      if (pooling.counts(position + r, last)) {
        float[] row = hidden.row(first + r);
        for (int i = 0; i < sum.length; i++) {
          sum[i] += row[i];
        }
      }
    }
    if (position + rows > last) {
      result = normalized();
    }
  }

  private float[] normalized() {
    double squares = 0;
    for (double x : sum) {
      squares += x * x;
    }
    double scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
    float[] out = new float[sum.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) (sum[i] * scale);
    }
    return out;
  }

  /// Hands the vector over, once all rows have been added.
  void deliver() {
    vector.complete(result);
  }

  @Override
  boolean shares() {
    return false; // every row is needed, not only its keys and values
  }

  @Override
  int publicTokens() {
    return 0;
  }

  @Override
  void begin(int reused) {}

  @Override
  void restart() {
    Arrays.fill(sum, 0);
  }

  @Override
  void fail(Throwable error) {
    vector.completeExceptionally(error);
  }
}
