package org.tokapu.tensor.reference;

import java.lang.foreign.MemorySegment;
import org.tokapu.tensor.AttentionRun;
import org.tokapu.tensor.AttentionSpec;
import org.tokapu.tensor.KvLayout;
import org.tokapu.tensor.Tensor;

/// Softmax attention of one head of one row, in three plain passes.
final class ReferenceAttention {
  private ReferenceAttention() {}

  /// Attends for `head` of row `row` of a run.
  static void head(
      Tensor q, AttentionRun run, int layer, AttentionSpec spec, int row, int head, Tensor out) {
    KvLayout layout = run.kv().layout();
    int kvHead = head / (spec.heads() / spec.kvHeads());
    int position = run.start() + row;
    int first = spec.firstVisible(position);
    int end = spec.endVisible(position, run.start() + run.rows());
    int size = spec.headDim();

    double[] scores = new double[end - first];
    double max = Double.NEGATIVE_INFINITY;
    for (int p = first; p < end; p++) {
      MemorySegment page = Shapes.page(run.kv(), layer, p / layout.pageTokens());
      double dot = 0;
      for (int i = 0; i < size; i++) {
        dot +=
            (double) q.get(run.firstRow() + row, head * size + i)
                * KvElements.key(layout, page, kvHead, p % layout.pageTokens(), i);
      }
      scores[p - first] = dot * spec.scale();
      max = Math.max(max, scores[p - first]);
    }

    double sum = 0;
    for (int i = 0; i < scores.length; i++) {
      scores[i] = Math.exp(scores[i] - max);
      sum += scores[i];
    }

    double[] mixed = new double[size];
    for (int p = first; p < end; p++) {
      MemorySegment page = Shapes.page(run.kv(), layer, p / layout.pageTokens());
      for (int i = 0; i < size; i++) {
        mixed[i] +=
            scores[p - first] * KvElements.value(layout, page, kvHead, p % layout.pageTokens(), i);
      }
    }
    for (int i = 0; i < size; i++) {
      out.set(run.firstRow() + row, head * size + i, (float) (mixed[i] / sum));
    }
  }
}
