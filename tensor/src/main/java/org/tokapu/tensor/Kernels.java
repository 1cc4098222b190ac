package org.tokapu.tensor;

import java.lang.foreign.Arena;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The inner loops. `ReferenceKernels` is the definition; every other implementation agrees with
/// it.
///
/// **Batch invariance.** What a row yields depends on that row, the weight's format, the sizes and
/// the provider alone: never on the number of rows, threads, chunks or pages. In-place use (`out`
/// is an input) is allowed where said. Shapes are checked; a mismatch is an
/// `IllegalArgumentException`.
///
/// One caller at a time: kernels own the threads of a [Parallel] while they run.
public interface Kernels {
  /// Returns the provider's name.
  String name();

  /// Turns a weight into a function, repacked into `arena` if that pays.
  Matmul prepare(Weight weight, Arena arena);

  /// `out[i] = x * w[i]ᵀ` for matrices that share their input: q, k and v, or gate and up.
  ///
  /// @param x `[tokens, in]`
  /// @param out one `[tokens, rows]` each; must not overlap `x`
  void matmul(Tensor x, List<Matmul> weights, List<Tensor> out);

  /// `out = x * wᵀ`.
  default void matmul(Tensor x, Matmul weight, Tensor out) {
    matmul(x, List.of(weight), List.of(out));
  }

  /// Decodes rows of an embedding table: row `i` of `out` is row `ids[i]` of `table`.
  void embed(Weight.Stored table, int[] ids, Tensor out);

  /// `out = x / sqrt(mean(x^2) + eps) * gain`, by groups of `gain.cols()` elements (a whole row, or
  /// each head of it). In place allowed.
  ///
  /// @param gain `[1, cols]`, or `[1, headDim]` to norm every head by itself
  void rmsNorm(Tensor x, Tensor gain, float eps, Tensor out);

  /// `out = (x - mean) / sqrt(variance + eps) * gain + bias`. In place allowed.
  void layerNorm(Tensor x, Tensor gain, @Nullable Tensor bias, float eps, Tensor out);

  /// Rotates every head of `x [tokens, heads * headDim]` in place; row `i` stands at
  /// `positions[i]`.
  void rope(Tensor x, int headDim, RopeTable table, int[] positions);

  /// `out = a + b`, elementwise; `b` may be `[1, cols]`, added to every row. In place allowed.
  void add(Tensor a, Tensor b, Tensor out);

  /// `out = silu(gate) * up`. In place allowed.
  void swiGlu(Tensor gate, Tensor up, Tensor out);

  /// `out = gelu(x)`, by the tanh approximation (GPT-2's `gelu_new`) or exactly. In place allowed.
  void gelu(Tensor x, boolean tanhApproximation, Tensor out);

  /// Stores the keys and values of each run's rows in its cache, at the run's positions.
  ///
  /// @param k `[tokens, kvHeads * headDim]`
  /// @param v `[tokens, kvHeads * headDim]`
  void storeKv(Tensor k, Tensor v, List<AttentionRun> runs, int layer);

  /// Softmax attention of each run's rows over its cache, which already holds their own keys.
  ///
  /// @param q `[tokens, heads * headDim]`
  /// @param out `[tokens, heads * headDim]`; must not overlap `q`
  void attend(Tensor q, List<AttentionRun> runs, int layer, AttentionSpec spec, Tensor out);
}
