package org.tokapu.model;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.tokapu.tensor.AttentionSpec;
import org.tokapu.tensor.RopeTable;
import org.tokapu.tensor.Tensor;
import org.tokapu.tensor.Weight;

/// Runs nothing and counts what a step would cost: arithmetic, and bytes of weights and cache read.
///
/// Tensors that it hands out have shapes and no memory. Confined to one thread.
public final class CountingOps implements Ops {
  private long linearFlops;
  private long attentionFlops;
  private long weightBytes;
  private long kvElements;

  /// Creates a count of nothing.
  public CountingOps() {}

  /// Counts one forward pass and the output projection for the rows that want logits.
  public static CountingOps count(Transformer model, TokenBatch batch) {
    CountingOps ops = new CountingOps();
    ops.linear(shape(batch.logitRows().length, model.shape().dim()), model.head());
    model.forward(ops, batch);
    return ops;
  }

  /// Returns multiplications and additions in matrix products.
  public long linearFlops() {
    return linearFlops;
  }

  /// Returns multiplications and additions in scores and weighted sums, masked positions left out.
  public long attentionFlops() {
    return attentionFlops;
  }

  /// Returns all multiplications and additions.
  public long flops() {
    return linearFlops + attentionFlops;
  }

  /// Returns the bytes of weights read, each matrix once.
  public long weightBytes() {
    return weightBytes;
  }

  /// Returns how many cached numbers are read, keys and values.
  public long kvElements() {
    return kvElements;
  }

  @SuppressWarnings("restricted") // a size without memory: nothing is ever read through it
  private static Tensor shape(int rows, int cols) {
    return new Tensor(
        MemorySegment.NULL.reinterpret((long) rows * cols * Float.BYTES), rows, cols);
  }

  @Override
  public Tensor embed(Weight.Stored table, TokenBatch batch) {
    weightBytes += batch.rows() * table.rowBytes();
    return shape(batch.rows(), table.cols());
  }

  @Override
  public Tensor embedPositions(Weight.Stored table, TokenBatch batch) {
    return embed(table, batch);
  }

  @Override
  public List<Tensor> linears(Tensor x, List<Linear> ws) {
    List<Tensor> out = new ArrayList<>(ws.size());
    for (Linear w : ws) {
      product(x.rows(), w.weight());
      out.add(shape(x.rows(), w.weight().rows()));
    }
    return out;
  }

  private void product(int rows, Weight weight) {
    switch (weight) {
      case Weight.Stored s -> {
        linearFlops += 2L * rows * s.rows() * s.cols();
        weightBytes += rows == 0 ? 0 : s.data().byteSize();
      }
      case Weight.LowRank l -> {
        product(rows, l.base());
        product(rows, l.a());
        product(rows, l.b());
      }
    }
  }

  @Override
  public Tensor rmsNorm(Tensor x, Tensor gain, float eps) {
    return shape(x.rows(), x.cols());
  }

  @Override
  public Tensor layerNorm(Tensor x, LayerNorm norm) {
    return shape(x.rows(), x.cols());
  }

  @Override
  public Tensor rope(Tensor x, int headDim, RopeTable table, TokenBatch batch) {
    return x;
  }

  @Override
  public Tensor attention(
      Tensor q, Tensor k, Tensor v, AttentionSpec spec, TokenBatch batch, int layer) {
    for (TokenBatch.Run run : batch.runs()) {
      int length = run.start() + run.rows();
      long seen = 0;
      for (int r = 0; r < run.rows(); r++) {
        int p = run.start() + r;
        seen += spec.endVisible(p, length) - spec.firstVisible(p);
      }
      attentionFlops += 4L * spec.heads() * spec.headDim() * seen;
      kvElements +=
          2L * spec.kvHeads() * spec.headDim() * (length - spec.firstVisible(run.start()));
    }
    return shape(q.rows(), spec.heads() * spec.headDim());
  }

  @Override
  public Tensor swiGlu(Tensor gate, Tensor up) {
    return gate;
  }

  @Override
  public Tensor gelu(Tensor x, boolean tanhApproximation) {
    return x;
  }

  @Override
  public Tensor add(Tensor a, Tensor b) {
    return shape(a.rows(), a.cols());
  }

  @Override
  public Tensor block(Tensor x, UnaryOperator<Tensor> body) {
    return body.apply(x);
  }
}
