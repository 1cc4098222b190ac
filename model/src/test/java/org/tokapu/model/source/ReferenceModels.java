package org.tokapu.model.source;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.tokapu.model.Inference;
import org.tokapu.model.KvSequence;
import org.tokapu.model.TokenBatch;
import org.tokapu.model.WeightSource;
import org.tokapu.model.file.SafetensorsFile;
import org.tokapu.tensor.KernelProvider;
import org.tokapu.tensor.KvLayout.KvType;
import org.tokapu.tensor.Parallel;
import org.tokapu.tensor.Tensor;
import org.tokapu.testkit.TestData;

/// Opens models of the reference set and runs them.
final class ReferenceModels {
  private ReferenceModels() {}

  interface Body {
    void with(Inference inference);
  }

  static Path path(String name) {
    Optional<Path> found = TestData.find(name);
    assumeTrue(found.isPresent(), "SKIPPED: the reference set has no " + name + " here");
    return found.get();
  }

  static void run(Path model, KernelProvider provider, Body body) {
    try (ModelSource source = ModelSources.open(model)) {
      run(source, source.weights(), provider, body);
    }
  }

  /// Runs the family of `source` over other weights.
  static void run(ModelSource source, WeightSource weights, KernelProvider provider, Body body) {
    int context = source.hyperparameters().size("context_length");
    try (Arena arena = Arena.ofShared();
        Parallel parallel = Parallel.single();
        Inference inference =
            new Inference(
                source.architecture().load(source.hyperparameters(), weights, arena, context),
                provider.create(parallel),
                KvType.F32,
                context,
                2)) {
      body.with(inference);
    }
  }

  /// Returns the logits of every position, row after row.
  static float[] logits(Inference inference, int[] ids) {
    return all(inference.logits(TokenBatch.whole(ids)));
  }

  /// Returns the logits of every position, computed in pieces through the cache.
  static float[] chunked(Inference inference, int[] ids, int chunk) {
    List<float[]> parts = new ArrayList<>();
    try (KvSequence kv = inference.pool().open()) {
      for (int at = 0; at < ids.length; at += chunk) {
        int[] part = Arrays.copyOfRange(ids, at, Math.min(ids.length, at + chunk));
        parts.add(all(inference.logits(TokenBatch.builder().add(part, kv, part.length).build())));
      }
    }
    return concat(parts);
  }

  /// Returns `prompt` and its `count` likeliest successors.
  static int[] greedy(Inference inference, int[] prompt, int count) {
    int[] out = Arrays.copyOf(prompt, prompt.length + count);
    try (KvSequence kv = inference.pool().open()) {
      int[] next = prompt;
      for (int i = prompt.length; i < out.length; i++) {
        float[] row = inference.logits(TokenBatch.of(kv, next)).row(0);
        int best = 0;
        for (int v = 1; v < row.length; v++) {
          best = row[v] > row[best] ? v : best;
        }
        out[i] = best;
        next = new int[] {best};
      }
    }
    return out;
  }

  static float[] all(Tensor x) {
    List<float[]> rows = new ArrayList<>();
    for (int r = 0; r < x.rows(); r++) {
      rows.add(x.row(r));
    }
    return concat(rows);
  }

  static float[] concat(List<float[]> parts) {
    float[] out = new float[parts.stream().mapToInt(a -> a.length).sum()];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, out, at, part.length);
      at += part.length;
    }
    return out;
  }

  static int[] ids(SafetensorsFile file, String name) {
    return Arrays.stream(file.longs(file.find(name).orElseThrow()))
        .mapToInt(Math::toIntExact)
        .toArray();
  }

  static float[] floats(SafetensorsFile file, String name) {
    return file.floats(file.find(name).orElseThrow());
  }
}
