package org.tokapu.model;

import java.util.List;
import java.util.function.UnaryOperator;
import org.tokapu.tensor.AttentionSpec;
import org.tokapu.tensor.RopeTable;
import org.tokapu.tensor.Tensor;
import org.tokapu.tensor.Weight;

/// Lets somebody watch the residual stream while other ops do the work.
///
/// The watcher sees the embeddings as they enter the first block (0), and the stream after each
/// block (1 to the number of layers); it must copy what it wants to keep.
public final class TracingOps implements Ops {
  /// Receives the residual stream.
  @FunctionalInterface
  public interface Watcher {
    /// Shows `hidden [tokens, dim]` after `blocks` blocks.
    void hidden(int blocks, Tensor hidden);
  }

  private final Ops ops;
  private final Watcher watcher;
  private int blocks;

  /// Watches one forward pass through `ops`.
  public TracingOps(Ops ops, Watcher watcher) {
    this.ops = ops;
    this.watcher = watcher;
  }

  @Override
  public Tensor embed(Weight.Stored table, TokenBatch batch) {
    return ops.embed(table, batch);
  }

  @Override
  public Tensor embedPositions(Weight.Stored table, TokenBatch batch) {
    return ops.embedPositions(table, batch);
  }

  @Override
  public List<Tensor> linears(Tensor x, List<Linear> w) {
    return ops.linears(x, w);
  }

  @Override
  public Tensor rmsNorm(Tensor x, Tensor gain, float eps) {
    return ops.rmsNorm(x, gain, eps);
  }

  @Override
  public Tensor layerNorm(Tensor x, LayerNorm norm) {
    return ops.layerNorm(x, norm);
  }

  @Override
  public Tensor rope(Tensor x, int headDim, RopeTable table, TokenBatch batch) {
    return ops.rope(x, headDim, table, batch);
  }

  @Override
  public Tensor attention(
      Tensor q, Tensor k, Tensor v, AttentionSpec spec, TokenBatch batch, int layer) {
    return ops.attention(q, k, v, spec, batch, layer);
  }

  @Override
  public Tensor swiGlu(Tensor gate, Tensor up) {
    return ops.swiGlu(gate, up);
  }

  @Override
  public Tensor gelu(Tensor x, boolean tanhApproximation) {
    return ops.gelu(x, tanhApproximation);
  }

  @Override
  public Tensor add(Tensor a, Tensor b) {
    return ops.add(a, b);
  }

  @Override
  public Tensor block(Tensor x, UnaryOperator<Tensor> body) {
    if (blocks == 0) {
      watcher.hidden(0, x);
    }
    Tensor out = ops.block(x, body);
    watcher.hidden(++blocks, out);
    return out;
  }
}
