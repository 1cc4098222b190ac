package org.tokapu.tensor.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tokapu.tensor.Parallel;
import org.tokapu.tensor.Tensor;

/// Multiplies by stored weights: tiles of output rows are spread over the threads, each row is
/// decoded once per call.
///
/// Holds scratch memory that grows to the largest call; one caller at a time.
final class Product {
  /// Output rows of a task.
  private static final int TILE = 16;

  private final Parallel parallel;
  private final @Nullable Scratch[] scratch;
  private float[] inputs = new float[0];

  /// What a worker alone uses: decoded rows, and sums by lane.
  private record Scratch(float[] rows, float[] sums) {}

  Product(Parallel parallel) {
    this.parallel = parallel;
    this.scratch = new Scratch[parallel.width()];
  }

  /// Multiplies by the weights without their low-rank updates.
  void run(Tensor x, List<VectorMatmul> weights, List<Tensor> out) {
    int stride = Dot.padded(x.cols());
    pack(x, stride);
    int[] ends = new int[weights.size()];
    int tasks = 0;
    for (int i = 0; i < ends.length; i++) {
      tasks += Math.ceilDiv(weights.get(i).rows(), TILE);
      ends[i] = tasks;
    }
    parallel.run(
        tasks,
        (task, worker) -> {
          int i = 0;
          while (task >= ends[i]) {
            i++;
          }
          int first = (task - (i == 0 ? 0 : ends[i - 1])) * TILE;
          tile(weights.get(i), first, stride, out.get(i), scratch(worker, stride));
        });
  }

  private void pack(Tensor x, int stride) {
    int size = Math.multiplyExact(x.rows(), stride);
    if (inputs.length < size) {
      inputs = new float[size];
    }
    int cols = x.cols();
    for (int t = 0; t < x.rows(); t++) {
      long from = (long) t * cols * Float.BYTES;
      MemorySegment.copy(x.data(), ValueLayout.JAVA_FLOAT, from, inputs, t * stride, cols);
      Arrays.fill(inputs, t * stride + cols, (t + 1) * stride, 0f);
    }
  }

  private Scratch scratch(int worker, int stride) {
    Scratch mine = scratch[worker];
    if (mine == null || mine.rows.length < TILE * stride) {
      mine = new Scratch(new float[TILE * stride], new float[6 * Lanes.COUNT]);
      scratch[worker] = mine;
    }
    return mine;
  }

  /// Few tokens use a row while the first-level cache holds it; many are taken three at a time
  /// through a whole tile.
  private void tile(VectorMatmul w, int first, int stride, Tensor out, Scratch mine) {
    int end = Math.min(first + TILE, w.rows());
    int step = out.rows() <= 4 ? 1 : TILE;
    for (int row = first; row < end; row += step) {
      int count = Math.min(step, end - row);
      for (int r = 0; r < count; r++) {
        w.decodeRow(row + r, mine.rows, r * stride);
        Arrays.fill(mine.rows, r * stride + w.cols(), (r + 1) * stride, 0f);
      }
      rows(row, count, stride, out, mine);
    }
  }

  private void rows(int row, int count, int stride, Tensor out, Scratch mine) {
    int tokens = out.rows();
    int t = 0;
    for (; t + 3 <= tokens && count > 1; t += 3) {
      int r = 0;
      for (; r + 2 <= count; r += 2) {
        Dot.six(mine.rows, r * stride, inputs, t * stride, stride, mine.sums);
        for (int i = 0; i < 6; i++) {
          out.set(t + i % 3, row + r + i / 3, Lanes.sum(mine.sums, i * Lanes.COUNT));
        }
      }
      for (; r < count; r++) {
        for (int i = 0; i < 3; i++) {
          one(row, r, t + i, stride, out, mine);
        }
      }
    }
    for (; t < tokens; t++) {
      for (int r = 0; r < count; r++) {
        one(row, r, t, stride, out, mine);
      }
    }
  }

  private void one(int row, int r, int t, int stride, Tensor out, Scratch mine) {
    float sum = Dot.one(mine.rows, r * stride, inputs, t * stride, stride, mine.sums);
    out.set(t, row + r, sum);
  }
}
