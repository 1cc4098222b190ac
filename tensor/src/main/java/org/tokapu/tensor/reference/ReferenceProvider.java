package org.tokapu.tensor.reference;

import java.util.Optional;
import org.tokapu.tensor.KernelProvider;
import org.tokapu.tensor.Kernels;
import org.tokapu.tensor.Parallel;

/// Offers [ReferenceKernels]: every machine can run them, and any other choice is faster.
public final class ReferenceProvider implements KernelProvider {
  static final String NAME = "reference";

  /// Creates the provider.
  public ReferenceProvider() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int rank() {
    return 0;
  }

  @Override
  public Optional<String> unsupportedBecause() {
    return Optional.empty();
  }

  @Override
  public String describe() {
    return "scalar definitions in float64, for checking; slow";
  }

  @Override
  public Kernels create(Parallel parallel) {
    return new ReferenceKernels(parallel);
  }
}
