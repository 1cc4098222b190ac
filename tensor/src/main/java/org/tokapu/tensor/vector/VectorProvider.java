package org.tokapu.tensor.vector;

import java.util.Optional;
import org.tokapu.tensor.KernelProvider;
import org.tokapu.tensor.Kernels;
import org.tokapu.tensor.Parallel;

/// Offers [VectorKernels] where the JVM has the Vector API and vectors of 128 bits or more.
///
/// Names no class of the Vector API itself, so that it loads without one.
public final class VectorProvider implements KernelProvider {
  static final String NAME = "vector";

  /// Creates the provider.
  public VectorProvider() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int rank() {
    return 10;
  }

  @Override
  public Optional<String> unsupportedBecause() {
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
      return Optional.of("java was started without --add-modules jdk.incubator.vector");
    }
    return Lanes.bits() < 128
        ? Optional.of("this processor has no float vectors of 128 bits or more")
        : Optional.empty();
  }

  @Override
  public String describe() {
    return "%d-bit float32 vectors; fast paths for Q4_0, Q8_0, F16, BF16, F32"
        .formatted(Lanes.bits());
  }

  @Override
  public Kernels create(Parallel parallel) {
    return new VectorKernels(parallel);
  }
}
