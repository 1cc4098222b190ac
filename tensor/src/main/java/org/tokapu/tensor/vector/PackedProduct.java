package org.tokapu.tensor.vector;

import static org.tokapu.tensor.vector.Native.LINE;
import static org.tokapu.tensor.vector.Native.LINE_ROWS;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tokapu.tensor.Parallel;
import org.tokapu.tensor.Tensor;

/// Multiplies by packed weights: columns are spread over the threads, activations quantized once.
///
/// Holds scratch memory that grows to the largest call; one caller at a time.
final class PackedProduct {
  /// Up to so many rows go one by one: a row costs about a third of a block of twelve.
  private static final int FEW = 3;

  /// Blocks of inputs that are unpacked at a time: a panel of 1,024 inputs takes 64 KB as int16 and
  /// 128 KB as float32, which stay in a second-level cache together with the results of 512 rows.
  private static final int SLICE = 32;

  private static final int UNIT_COLUMNS = Packed.UNIT * LINE_ROWS;

  private final Parallel parallel;
  private final @Nullable MemorySegment[] scratch;
  private final Activations rows = new Activations();
  private final Activations pairs = new Activations();
  private final Activations floats = new Activations();

  PackedProduct(Parallel parallel) {
    this.parallel = parallel;
    this.scratch = new MemorySegment[parallel.width()];
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
          long result = scratch(worker, UNIT_COLUMNS * Float.BYTES);
          for (int t = 0; t < x.rows(); t++) {
            w.multiplyRow(rows.row(t), unit, result);
            copyOut(result, out.get(i), t, unit * UNIT_COLUMNS, UNIT_COLUMNS);
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

  private void panel(Packed w, int panel, Tensor out, int worker) {
    boolean integers = w.integers();
    Activations x = integers ? pairs : floats;
    int padded = Panels.paddedRows(out.rows());
    long lineBytes = Panels.panelBytes(integers, SLICE);
    long scaleBytes = 2L * SLICE * LINE;
    long resultBytes = (long) padded * Panels.ROW;
    long lines = scratch(worker, lineBytes + scaleBytes + resultBytes);
    long scales = lines + lineBytes;
    long results = scales + scaleBytes;
    Native.clear(results, resultBytes);
    for (int first = 0; first < w.blocks(); first += SLICE) {
      int count = Math.min(SLICE, w.blocks() - first);
      for (int g = 0; g < 2; g++) {
        w.unpack(
            2 * panel + g, first, count, lines + g * lineBytes / 2, scales + g * scaleBytes / 2);
      }
      int row = 0;
      while (row < padded) {
        int rows = Panels.blockRows(out.rows() - row);
        Panels.multiply(
            integers,
            rows,
            x.block(row, rows, first),
            lines,
            lineBytes / 2,
            scales,
            scaleBytes / 2,
            results + (long) row * Panels.ROW,
            count);
        row += rows;
      }
    }
    for (int t = 0; t < out.rows(); t++) {
      copyOut(results + (long) t * Panels.ROW, out, t, panel * Panels.COLUMNS, Panels.COLUMNS);
    }
  }

  private static void copyOut(long from, Tensor out, int row, int column, int count) {
    int columns = Math.min(count, out.cols() - column);
    if (columns > 0) {
      long at = ((long) row * out.cols() + column) * Float.BYTES;
      Native.copyOut(from, out.data(), at, columns);
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

  private long scratch(int worker, long bytes) {
    MemorySegment mine = scratch[worker];
    if (mine == null || mine.byteSize() < bytes) {
      mine = Arena.ofAuto().allocate(bytes, 64);
      scratch[worker] = mine;
    }
    return mine.address();
  }
}
