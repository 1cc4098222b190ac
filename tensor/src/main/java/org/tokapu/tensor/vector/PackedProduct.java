package org.tokapu.tensor.vector;

import static org.tokapu.tensor.vector.Native.LINE_ROWS;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.List;
import org.tokapu.tensor.Parallel;
import org.tokapu.tensor.Tensor;

/// Multiplies by packed weights: columns are spread over the threads, activations quantized once.
///
/// Holds scratch memory that grows to the largest call; one caller at a time.
final class PackedProduct {
  /// Up to so many rows go one by one: a row costs about a third of a block of twelve.
  private static final int FEW = 3;

  private static final int UNIT_COLUMNS = Packed.UNIT * LINE_ROWS;

  private final Parallel parallel;
  private final Scratch[] scratch;
  private final Activations rows = new Activations();
  private final Activations pairs = new Activations();
  private final Activations floats = new Activations();

  /// What a worker alone uses.
  private static final class Scratch {
    final Packed.RowSums sums = new Packed.RowSums();
    final float[] row = new float[UNIT_COLUMNS];
    final Panels.Panel panel = new Panels.Panel();
  }

  PackedProduct(Parallel parallel) {
    this.parallel = parallel;
    this.scratch = new Scratch[parallel.width()];
    Arrays.setAll(scratch, i -> new Scratch());
  }

  /// Multiplies `x` by every weight.
  void run(Tensor x, List<Packed> weights, List<Tensor> out) {
    weights.forEach(Packed::checkAlive);
    try {
      if (x.rows() <= FEW) {
        runRows(x, weights, out);
      } else {
        runPanels(x, weights, out);
      }
    } finally {
      Reference.reachabilityFence(weights);
    }
  }

  private void runRows(Tensor x, List<Packed> weights, List<Tensor> out) {
    rows.quantizeRows(x);
    int[] ends = ends(weights, 1);
    parallel.run(
        ends[ends.length - 1],
        (task, worker) -> {
          int i = indexOf(task, ends);
          Packed w = weights.get(i);
          int unit = task - (i == 0 ? 0 : ends[i - 1]);
          Scratch mine = scratch[worker];
          for (int t = 0; t < x.rows(); t++) {
            Arrays.fill(mine.row, 0f);
            w.multiplyRow(rows, t, unit, mine.sums, mine.row);
            copyOut(mine.row, 0, out.get(i), t, unit * UNIT_COLUMNS, UNIT_COLUMNS);
          }
        });
  }

  private void runPanels(Tensor x, List<Packed> weights, List<Tensor> out) {
    if (weights.stream().anyMatch(Packed::integers)) {
      pairs.quantizePanels(x, true, parallel);
    }
    if (!weights.stream().allMatch(Packed::integers)) {
      floats.quantizePanels(x, false, parallel);
    }
    int[] ends = ends(weights, 2);
    parallel.run(
        ends[ends.length - 1],
        (task, worker) -> {
          int i = indexOf(task, ends);
          int panel = task - (i == 0 ? 0 : ends[i - 1]);
          panel(weights.get(i), panel, out.get(i), worker);
        });
  }

  private void panel(Packed w, int index, Tensor out, int worker) {
    Activations x = w.integers() ? pairs : floats;
    Panels.Panel panel = scratch[worker].panel;
    int padded = Panels.paddedRows(out.rows());
    panel.clear(padded);
    for (int first = 0; first < w.blocks(); first += Panels.Panel.SLICE) {
      int count = Math.min(Panels.Panel.SLICE, w.blocks() - first);
      w.unpack(index, first, count, panel);
      int row = 0;
      while (row < padded) {
        int rows = Panels.blockRows(out.rows() - row);
        Panels.multiply(panel, rows, x, row, first, count);
        row += rows;
      }
    }
    for (int t = 0; t < out.rows(); t++) {
      int column = index * Panels.COLUMNS;
      copyOut(panel.results, t * Panels.COLUMNS, out, t, column, Panels.COLUMNS);
    }
  }

  private static void copyOut(float[] from, int at, Tensor out, int row, int column, int count) {
    int columns = Math.min(count, out.cols() - column);
    if (columns > 0) {
      long to = ((long) row * out.cols() + column) * Float.BYTES;
      MemorySegment.copy(from, at, out.data(), ValueLayout.JAVA_FLOAT, to, columns);
    }
  }

  /// Returns, for each weight, the number of the task after its last.
  private static int[] ends(List<Packed> weights, int tasksOfUnit) {
    int[] ends = new int[weights.size()];
    int tasks = 0;
    for (int i = 0; i < ends.length; i++) {
      tasks += weights.get(i).units() * tasksOfUnit;
      ends[i] = tasks;
    }
    return ends;
  }

  private static int indexOf(int task, int[] ends) {
    int i = 0;
    while (task >= ends[i]) {
      i++;
    }
    return i;
  }
}
