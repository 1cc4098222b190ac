package org.tokapu.model;

import org.tokapu.tensor.Tensor;

/// A model: parameters and a forward pass, written once against [Ops]. Immutable and thread-safe.
public interface Transformer {
  /// Returns the hidden states after the final norm, `[tokens, dim]`.
  Tensor forward(Ops ops, TokenBatch batch);

  /// Returns the output projection `[vocab, dim]`, from hidden states to logits.
  Linear head();

  /// Returns the sizes that the world around a model needs.
  Shape shape();

  /// Sizes.
  ///
  /// @param trainedContext the longest sequence seen in training
  /// @param maxPositions positions that the parameters admit at all (learned positions), or
  ///     `Integer.MAX_VALUE`
  record Shape(
      int vocabulary,
      int dim,
      int layers,
      int heads,
      int kvHeads,
      int headDim,
      int trainedContext,
      int maxPositions) {}
}
