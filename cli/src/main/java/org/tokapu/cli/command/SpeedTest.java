package org.tokapu.cli.command;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.tokapu.model.CountingOps;
import org.tokapu.model.Inference;
import org.tokapu.model.KvSequence;
import org.tokapu.model.TokenBatch;

/// Measures how fast a model reads prompts and generates.
///
/// Tokens are drawn at random and nothing is sampled: what is timed is the model alone, as
/// llama-bench has it.
final class SpeedTest {
  /// Rows of a prompt that are run at once.
  static final int CHUNK = 512;

  /// Before anything is timed, work runs at least so long and so often: compiling the kernels takes
  /// the JVM a few seconds beside the first run.
  private static final long WARM_NANOS = 2_000_000_000L;

  private static final int WARM_RUNS = 3;

  /// Times and costs of one kind of work.
  ///
  /// @param tokens tokens of one run
  /// @param seconds time of each run
  /// @param bytes weights and cache read in one run
  /// @param flops multiplications and additions of one run
  record Result(int tokens, double[] seconds, double bytes, double flops) {
    /// Returns tokens a second in the median run.
    double tokensPerSecond() {
      return tokens / medianSeconds();
    }

    /// Returns bytes a second in the median run.
    double bytesPerSecond() {
      return bytes / medianSeconds();
    }

    /// Returns operations a second in the median run.
    double flopsPerSecond() {
      return flops / medianSeconds();
    }

    /// Returns half the distance between the fastest and the slowest run, as a share of the median.
    double spread() {
      double[] sorted = seconds.clone();
      Arrays.sort(sorted);
      return (sorted[sorted.length - 1] - sorted[0]) / 2 / medianSeconds();
    }

    private double medianSeconds() {
      double[] sorted = seconds.clone();
      Arrays.sort(sorted);
      int half = sorted.length / 2;
      return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
  }

  private final Inference inference;
  private final Random random = new Random(1);
  private final int kvBytes;

  SpeedTest(Inference inference) {
    this.inference = inference;
    this.kvBytes = inference.pool().layout().type().bytes();
  }

  /// Times `runs` prompts of `tokens` tokens after a warm-up.
  Result prompt(int tokens, int runs) {
    int[] ids = ids(tokens);
    warm(() -> read(ids));
    double[] seconds = new double[runs];
    for (int r = 0; r < runs; r++) {
      long start = System.nanoTime();
      read(ids);
      seconds[r] = (System.nanoTime() - start) * 1e-9;
    }
    double bytes = 0;
    double flops = 0;
    try (KvSequence sequence = inference.pool().open()) {
      for (int[] chunk : chunks(ids)) {
        TokenBatch batch = TokenBatch.of(sequence, chunk);
        CountingOps count = CountingOps.count(inference.model(), batch);
        bytes += count.weightBytes() + (double) count.kvElements() * kvBytes;
        flops += count.flops();
        inference.logits(batch);
      }
    }
    return new Result(tokens, seconds, bytes, flops);
  }

  private static void warm(Runnable work) {
    long start = System.nanoTime();
    for (int run = 0; run < WARM_RUNS || System.nanoTime() - start < WARM_NANOS; run++) {
      work.run();
    }
  }

  private void read(int[] ids) {
    try (KvSequence sequence = inference.pool().open()) {
      for (int[] chunk : chunks(ids)) {
        inference.logits(TokenBatch.of(sequence, chunk));
      }
    }
  }

  private static List<int[]> chunks(int[] ids) {
    List<int[]> out = new ArrayList<>();
    for (int at = 0; at < ids.length; at += CHUNK) {
      out.add(Arrays.copyOfRange(ids, at, Math.min(ids.length, at + CHUNK)));
    }
    return out;
  }

  /// Times `runs` generations of `tokens` tokens in each of `sequences` sequences at once, after a
  /// warm-up.
  Result generation(int tokens, int sequences, int runs) {
    warm(() -> generate(tokens, sequences));
    double[] seconds = new double[runs];
    double[] cost = new double[2];
    for (int r = 0; r < runs; r++) {
      long start = System.nanoTime();
      cost = generate(tokens, sequences);
      seconds[r] = (System.nanoTime() - start) * 1e-9;
    }
    return new Result(tokens * sequences, seconds, cost[0], cost[1]);
  }

  /// Returns bytes and operations; counting them takes microseconds a token.
  private double[] generate(int tokens, int count) {
    double[] cost = new double[2];
    List<KvSequence> sequences = new ArrayList<>();
    try {
      for (int s = 0; s < count; s++) {
        sequences.add(inference.pool().open());
      }
      for (int i = 0; i < tokens; i++) {
        TokenBatch.Builder batch = TokenBatch.builder();
        sequences.forEach(s -> batch.add(ids(1), s, 1));
        TokenBatch step = batch.build();
        if (i == tokens / 2) { // the middle step costs the mean: cost is linear in the length
          CountingOps counted = CountingOps.count(inference.model(), step);
          cost[0] = tokens * (counted.weightBytes() + (double) counted.kvElements() * kvBytes);
          cost[1] = (double) tokens * counted.flops();
        }
        inference.logits(step);
      }
    } finally {
      sequences.forEach(KvSequence::close);
    }
    return cost;
  }

  private int[] ids(int count) {
    return random.ints(count, 0, inference.model().shape().vocabulary()).toArray();
  }
}
