package org.tokapu.tensor.reference;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tokapu.tensor.AttentionRun;
import org.tokapu.tensor.AttentionSpec;
import org.tokapu.tensor.KvLayout;
import org.tokapu.tensor.KvView;
import org.tokapu.tensor.Matmul;
import org.tokapu.tensor.RopeTable;
import org.tokapu.tensor.Tensor;
import org.tokapu.tensor.Weight;

/// Checks that the arguments of a kernel fit each other; one place for all providers.
///
/// Every method throws an `IllegalArgumentException` that names both sizes. Kernels that address
/// memory without bounds rely on these checks.
public final class Shapes {
  private Shapes() {}

  /// Checks `x * wᵀ` for several weights that share `x`.
  public static void matmul(Tensor x, List<? extends Matmul> weights, List<Tensor> out) {
    check(weights.size() == out.size(), "weights", weights.size(), "outputs", out.size());
    for (int i = 0; i < weights.size(); i++) {
      Matmul w = weights.get(i);
      check(w.cols() == x.cols(), "inputs of the weight", w.cols(), "columns of x", x.cols());
      check(
          w.rows() == out.get(i).cols(),
          "outputs of the weight",
          w.rows(),
          "columns of out",
          out.get(i).cols());
      check(x.rows() == out.get(i).rows(), "rows of x", x.rows(), "rows of out", out.get(i).rows());
    }
  }

  /// Checks a low-rank weight's factors against its base.
  public static void lowRank(Weight.LowRank w) {
    check(
        w.a().cols() == w.base().cols(),
        "columns of a",
        w.a().cols(),
        "columns of the base",
        w.base().cols());
    check(
        w.b().rows() == w.base().rows(),
        "rows of b",
        w.b().rows(),
        "rows of the base",
        w.base().rows());
    check(w.a().rows() == w.b().cols(), "rows of a", w.a().rows(), "columns of b", w.b().cols());
  }

  /// Checks an embedding lookup, ids included.
  public static void embed(Weight.Stored table, int[] ids, Tensor out) {
    check(
        table.cols() == out.cols(),
        "columns of the table",
        table.cols(),
        "columns of out",
        out.cols());
    check(ids.length == out.rows(), "ids", ids.length, "rows of out", out.rows());
    for (int id : ids) {
      if (id < 0 || id >= table.rows()) {
        throw new IllegalArgumentException(
            "token id %d is outside of the table's %d rows".formatted(id, table.rows()));
      }
    }
  }

  /// Checks that two tensors have the same shape.
  public static void same(Tensor a, Tensor b) {
    check(a.rows() == b.rows(), "rows", a.rows(), "rows", b.rows());
    check(a.cols() == b.cols(), "columns", a.cols(), "columns", b.cols());
  }

  /// Checks a norm: the gain divides the row; the bias has the gain's shape.
  public static void norm(Tensor x, Tensor gain, @Nullable Tensor bias, Tensor out) {
    same(x, out);
    check(gain.rows() == 1, "rows of the gain", gain.rows(), "expected", 1);
    check(
        gain.cols() > 0 && x.cols() % gain.cols() == 0,
        "columns of x",
        x.cols(),
        "columns of the gain, which must divide them",
        gain.cols());
    if (bias != null) {
      same(gain, bias);
    }
  }

  /// Checks an elementwise sum, whose second argument may be one row.
  public static void add(Tensor a, Tensor b, Tensor out) {
    same(a, out);
    check(a.cols() == b.cols(), "columns", a.cols(), "columns", b.cols());
    check(b.rows() == 1 || b.rows() == a.rows(), "rows of a", a.rows(), "rows of b", b.rows());
  }

  /// Checks a rotation, positions included.
  public static void rope(Tensor x, int headDim, RopeTable table, int[] positions) {
    check(
        headDim > 0 && x.cols() % headDim == 0,
        "columns of x",
        x.cols(),
        "head size, which must divide them",
        headDim);
    check(
        2 * table.pairs() <= headDim, "rotated elements", 2 * table.pairs(), "head size", headDim);
    check(positions.length == x.rows(), "positions", positions.length, "rows of x", x.rows());
    for (int p : positions) {
      if (p < 0 || p >= table.positions()) {
        throw new IllegalArgumentException(
            "position %d is outside of the rope table's %d positions"
                .formatted(p, table.positions()));
      }
    }
  }

  /// Checks that keys and values fit the caches of the runs.
  public static void storeKv(Tensor k, Tensor v, List<AttentionRun> runs, int layer) {
    same(k, v);
    for (AttentionRun run : runs) {
      KvLayout layout = run.kv().layout();
      check(
          k.cols() == layout.kvHeads() * layout.headDim(),
          "columns of k",
          k.cols(),
          "kvHeads * headDim of the cache",
          layout.kvHeads() * layout.headDim());
      run(run, k.rows(), layer);
    }
  }

  /// Checks queries against the caches of the runs.
  public static void attend(
      Tensor q, List<AttentionRun> runs, int layer, AttentionSpec spec, Tensor out) {
    same(q, out);
    check(
        q.cols() == spec.heads() * spec.headDim(),
        "columns of q",
        q.cols(),
        "heads * headDim",
        spec.heads() * spec.headDim());
    for (AttentionRun run : runs) {
      KvLayout layout = run.kv().layout();
      check(
          layout.kvHeads() == spec.kvHeads(),
          "kvHeads of the cache",
          layout.kvHeads(),
          "kvHeads of the attention",
          spec.kvHeads());
      check(
          layout.headDim() == spec.headDim(),
          "headDim of the cache",
          layout.headDim(),
          "headDim of the attention",
          spec.headDim());
      run(run, q.rows(), layer);
    }
  }

  /// Returns a page whose size has been checked against its layout.
  public static MemorySegment page(KvView kv, int layer, int index) {
    MemorySegment page = kv.page(layer, index);
    if (page.byteSize() < kv.layout().layerBytes()) {
      throw new IllegalArgumentException(
          "a page of %d bytes is too small for its layout, which needs %d"
              .formatted(page.byteSize(), kv.layout().layerBytes()));
    }
    return page;
  }

  private static void run(AttentionRun run, int rows, int layer) {
    if (run.firstRow() < 0
        || run.rows() < 0
        || run.firstRow() > rows - run.rows()
        || run.start() < 0) {
      throw new IllegalArgumentException(
          "rows %d to %d at position %d do not lie in a batch of %d rows"
              .formatted(run.firstRow(), run.firstRow() + run.rows(), run.start(), rows));
    }
    if (layer < 0 || layer >= run.kv().layout().layers()) {
      throw new IllegalArgumentException(
          "layer %d is outside of the cache's %d layers"
              .formatted(layer, run.kv().layout().layers()));
    }
  }

  private static void check(boolean fits, String what, int is, String other, int size) {
    if (!fits) {
      throw new IllegalArgumentException(
          "shapes do not fit: %s: %d, %s: %d".formatted(what, is, other, size));
    }
  }
}
