package org.tokapu.tensor.vector;

import java.util.Optional;
import org.tokapu.tensor.KernelProvider;
import org.tokapu.tensor.Kernels;
import org.tokapu.tensor.Parallel;

/// Offers [VectorKernels] where the JVM has the Vector API and vectors of 128 bits or more.
///
/// Names no class of the Vector API itself, so that it loads without one.
public final class VectorProvider implements KernelProvider {
  private final Precision precision;

  /// Creates the provider of one precision: `vector` is fast, `vector-exact` exact.
  public VectorProvider(Precision precision) {
    this.precision = precision;
  }

  static String name(Precision precision) {
    return switch (precision) {
      case FAST -> "vector";
      case EXACT -> "vector-exact";
    };
  }

  @Override
  public String name() {
    return name(precision);
  }

  @Override
  public int rank() {
    return precision == Precision.FAST ? 10 : 5;
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
    return switch (precision) {
      case FAST ->
          "%d-bit vectors; Q4_0 and Q8_0 by int8 activations, others in float32"
              .formatted(Lanes.bits());
      case EXACT -> "%d-bit vectors; all activations in float32".formatted(Lanes.bits());
    };
  }

  @Override
  public Kernels create(Parallel parallel) {
    return new VectorKernels(parallel, precision);
  }
}
