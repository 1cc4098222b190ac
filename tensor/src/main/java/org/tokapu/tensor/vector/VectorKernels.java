package org.tokapu.tensor.vector;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tokapu.tensor.AttentionRun;
import org.tokapu.tensor.AttentionSpec;
import org.tokapu.tensor.Kernels;
import org.tokapu.tensor.Matmul;
import org.tokapu.tensor.Parallel;
import org.tokapu.tensor.RopeTable;
import org.tokapu.tensor.Tensor;
import org.tokapu.tensor.Weight;
import org.tokapu.tensor.reference.KvElements;
import org.tokapu.tensor.reference.Shapes;

/// Kernels by the Vector API.
public final class VectorKernels implements Kernels {
  private final Parallel parallel;
  private final Attention attention;
  private final Product product;
  private final Precision precision;
  private final PackedProduct packedProduct;

  /// Creates them over the threads of `parallel`.
  public VectorKernels(Parallel parallel, Precision precision) {
    this.parallel = parallel;
    this.precision = precision;
    this.packedProduct = new PackedProduct(parallel);
    this.attention = new Attention(parallel);
    this.product = new Product(parallel);
  }

  @Override
  public String name() {
    return VectorProvider.name(precision);
  }

  @Override
  public Matmul prepare(Weight weight, Arena arena) {
    for (Weight w = weight; w instanceof Weight.LowRank low; w = low.base()) {
      Shapes.lowRank(low);
    }
    if (precision == Precision.EXACT || !RowKernels.suitMachine()) {
      return VectorMatmul.of(weight);
    }
    return VectorMatmul.of(weight, stored -> Packed.of(stored, arena, parallel));
  }

  @Override
  public void matmul(Tensor x, List<Matmul> weights, List<Tensor> out) {
    Shapes.matmul(x, weights, out);
    List<VectorMatmul> ours = new ArrayList<>(weights.size());
    for (Matmul weight : weights) {
      if (!(weight instanceof VectorMatmul w)) {
        throw new IllegalArgumentException("the weight was prepared by another provider");
      }
      ours.add(w);
    }
    multiply(x, ours, out);
    for (int i = 0; i < ours.size(); i++) {
      for (VectorMatmul.Update update : ours.get(i).updates()) {
        update(x, update, out.get(i));
      }
    }
  }

  /// Multiplies without the low-rank updates.
  private void multiply(Tensor x, List<VectorMatmul> weights, List<Tensor> out) {
    List<Packed> packed = new ArrayList<>(weights.size());
    List<Tensor> packedOut = new ArrayList<>(weights.size());
    List<VectorMatmul> plain = new ArrayList<>();
    List<Tensor> plainOut = new ArrayList<>();
    for (int i = 0; i < weights.size(); i++) {
      VectorMatmul w = weights.get(i);
      w.packed().ifPresentOrElse(packed::add, () -> plain.add(w));
      (w.packed().isPresent() ? packedOut : plainOut).add(out.get(i));
    }
    if (!packed.isEmpty()) {
      packedProduct.run(x, packed, packedOut);
    }
    if (!plain.isEmpty()) {
      product.run(x, plain, plainOut);
    }
  }

  private void update(Tensor x, VectorMatmul.Update update, Tensor out) {
    try (Arena arena = Arena.ofShared()) {
      Tensor inner = Tensor.allocate(arena, x.rows(), update.a().rows());
      Tensor outer = Tensor.allocate(arena, x.rows(), update.b().rows());
      multiply(x, List.of(update.a()), List.of(inner));
      multiply(inner, List.of(update.b()), List.of(outer));
      for (int t = 0; t < out.rows(); t++) {
        for (int i = 0; i < out.cols(); i++) {
          out.set(t, i, Math.fma(update.scale(), outer.get(t, i), out.get(t, i)));
        }
      }
    }
  }

  @Override
  public void embed(Weight.Stored table, int[] ids, Tensor out) {
    Shapes.embed(table, ids, out);
    RowDecoder decoder = RowDecoder.of(table);
    float[][] rows = new float[parallel.width()][table.cols()];
    parallel.run(
        ids.length,
        (t, worker) -> {
          float[] row = rows[worker];
          decoder.decode(table.data(), ids[t] * table.rowBytes(), row, 0, row.length);
          long to = (long) t * row.length * Float.BYTES;
          MemorySegment.copy(row, 0, out.data(), ValueLayout.JAVA_FLOAT, to, row.length);
        });
  }

  @Override
  public void rmsNorm(Tensor x, Tensor gain, float eps, Tensor out) {
    Shapes.norm(x, gain, null, out);
    parallel.run(x.rows(), (row, worker) -> Elementwise.rmsNorm(x, gain, eps, out, row));
  }

  @Override
  public void layerNorm(Tensor x, Tensor gain, @Nullable Tensor bias, float eps, Tensor out) {
    Shapes.norm(x, gain, bias, out);
    parallel.run(x.rows(), (row, worker) -> Elementwise.layerNorm(x, gain, bias, eps, out, row));
  }

  @Override
  public void rope(Tensor x, int headDim, RopeTable table, int[] positions) {
    Shapes.rope(x, headDim, table, positions);
    parallel.run(
        x.rows(), (row, worker) -> Rotation.rotate(x, headDim, table, row, positions[row]));
  }

  @Override
  public void add(Tensor a, Tensor b, Tensor out) {
    Shapes.add(a, b, out);
    parallel.run(a.rows(), (row, worker) -> Elementwise.add(a, b, out, row));
  }

  @Override
  public void swiGlu(Tensor gate, Tensor up, Tensor out) {
    Shapes.same(gate, up);
    Shapes.same(gate, out);
    parallel.run(gate.rows(), (row, worker) -> Elementwise.swiGlu(gate, up, out, row));
  }

  @Override
  public void gelu(Tensor x, boolean tanhApproximation, Tensor out) {
    Shapes.same(x, out);
    parallel.run(
        x.rows(),
        (row, worker) -> {
          if (tanhApproximation) {
            Elementwise.tanhGelu(x, out, row);
          } else {
            Elementwise.gelu(x, out, row);
          }
        });
  }

  @Override
  public void storeKv(Tensor k, Tensor v, List<AttentionRun> runs, int layer) {
    Shapes.storeKv(k, v, runs, layer);
    for (AttentionRun run : runs) {
      parallel.run(
          run.rows(),
          (i, worker) -> {
            AttentionRun row = new AttentionRun(run.firstRow() + i, 1, run.start() + i, run.kv());
            KvElements.storeRun(k, v, row, layer);
          });
    }
  }

  @Override
  public void attend(Tensor q, List<AttentionRun> runs, int layer, AttentionSpec spec, Tensor out) {
    Shapes.attend(q, runs, layer, spec, out);
    attention.run(q, runs, layer, spec, out);
  }
}
