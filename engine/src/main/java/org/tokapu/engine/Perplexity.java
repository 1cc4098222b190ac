package org.tokapu.engine;

import java.util.Arrays;
import java.util.function.IntConsumer;
import org.tokapu.base.TokapuException;
import org.tokapu.engine.sampling.LogProbs;
import org.tokapu.model.Inference;
import org.tokapu.model.KvSequence;
import org.tokapu.model.TokenBatch;
import org.tokapu.tensor.Tensor;

/// How surprised a model is by a text.
///
/// The text is cut into windows of equal length; every token after the first of a window counts.
///
/// @param tokens how many tokens counted
/// @param nll the sum of their negative log-probabilities, in nats
public record Perplexity(long tokens, double nll) {
  /// Rows of logits held at once: 64 rows of a vocabulary of 256,000 are 64 MiB.
  private static final int CHUNK = 64;

  /// Returns `e^(nll / tokens)`: between how many tokens the model wavers on average.
  public double perplexity() {
    return Math.exp(nll / tokens);
  }

  /// Measures `ids`; nothing else may use `inference` meanwhile.
  ///
  /// @param window length of a window, at most the context
  /// @param progress told after each window how many tokens have been read
  /// @throws TokapuException if no token counts
  public static Perplexity of(Inference inference, int[] ids, int window, IntConsumer progress) {
    if (window < 2 || window > inference.context()) {
      throw new TokapuException(
          "window must be between 2 and the context of %d, is %d"
              .formatted(inference.context(), window));
    }
    if (ids.length < 2) {
      throw new TokapuException(
          "a text of fewer than two tokens has nothing to measure, got " + ids.length);
    }
    long tokens = 0;
    double nll = 0;
    for (int at = 0; at < ids.length; at += window) {
      int end = Math.min(ids.length, at + window);
      nll -= logProb(inference, Arrays.copyOfRange(ids, at, end));
      tokens += end - at - 1;
      progress.accept(end);
    }
    return new Perplexity(tokens, nll);
  }

  /// Returns the log-probability of all tokens of a window but the first.
  private static double logProb(Inference inference, int[] window) {
    double sum = 0;
    try (KvSequence sequence = inference.pool().open()) {
      for (int at = 0; at < window.length - 1; at += CHUNK) {
        int[] rows = Arrays.copyOfRange(window, at, Math.min(window.length - 1, at + CHUNK));
        TokenBatch batch = TokenBatch.builder().add(rows, sequence, rows.length).build();
        Tensor logits = inference.logits(batch);
        for (int i = 0; i < rows.length; i++) {
          sum += LogProbs.of(logits.row(i), window[at + i + 1]);
        }
      }
    }
    return sum;
  }
}
