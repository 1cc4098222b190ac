package org.tokapu.tensor;

/// A [Weight] turned into a function by [Kernels#prepare]; any repacking is the provider's secret.
///
/// Immutable and thread-safe; lives as long as the arena it was prepared in. Run it by
/// [Kernels#matmul], never across providers.
public interface Matmul {
  /// Returns the number of outputs.
  int rows();

  /// Returns the number of inputs.
  int cols();
}
