package org.tokapu.model;

import java.util.List;
import java.util.function.UnaryOperator;
import org.tokapu.tensor.AttentionSpec;
import org.tokapu.tensor.RopeTable;
import org.tokapu.tensor.Tensor;
import org.tokapu.tensor.Weight;

/// What a transformer is written in.
///
/// A model calls these and never knows whether it is being run ([EagerOps]), counted ([CountingOps])
/// or watched ([TracingOps]). A result lives until the enclosing [#block] is over; an op may take
/// over the memory of an argument only where it says so.
public interface Ops {
  /// Looks up one row of `table [vocab, dim]` a token: `[tokens, dim]`.
  Tensor embed(Weight.Stored table, TokenBatch batch);

  /// Looks up one row of `table [positions, dim]` a token, by its position: `[tokens, dim]`.
  Tensor embedPositions(Weight.Stored table, TokenBatch batch);

  /// `[tokens, in]` to `[tokens, out]`.
  default Tensor linear(Tensor x, Linear w) {
    return linears(x, List.of(w)).getFirst();
  }

  /// Projections that share their input (q, k and v; gate and up), in one pass over it.
  List<Tensor> linears(Tensor x, List<Linear> w);

  /// Root-mean-square norm by groups of `gain.cols()`: of each row, or of each head of it.
  Tensor rmsNorm(Tensor x, Tensor gain, float eps);

  /// Layer norm of each row.
  Tensor layerNorm(Tensor x, LayerNorm norm);

  /// Rotates each head of `x [tokens, heads * headDim]` by its position. Takes over `x`.
  Tensor rope(Tensor x, int headDim, RopeTable table, TokenBatch batch);

  /// Attention inside each sequence, over what its cache holds and the rows of this batch.
  ///
  /// @param q `[tokens, heads * headDim]`
  /// @param k `[tokens, kvHeads * headDim]`
  /// @param v `[tokens, kvHeads * headDim]`
  Tensor attention(Tensor q, Tensor k, Tensor v, AttentionSpec spec, TokenBatch batch, int layer);

  /// `silu(gate) * up`. Takes over `gate`.
  Tensor swiGlu(Tensor gate, Tensor up);

  /// The Gaussian error linear unit, by its tanh approximation or exactly. Takes over `x`.
  Tensor gelu(Tensor x, boolean tanhApproximation);

  /// `a + b`.
  Tensor add(Tensor a, Tensor b);

  /// Runs one residual block. It bounds the life of everything allocated inside (inference), is the
  /// unit of recomputation (training), and the unit of placement (several devices). Takes over `x`.
  Tensor block(Tensor x, UnaryOperator<Tensor> body);
}
