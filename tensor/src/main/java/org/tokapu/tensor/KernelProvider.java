package org.tokapu.tensor;

import java.util.Optional;

/// Offers [Kernels] for some kind of machine, or declines in plain words.
///
/// Found in [KernelProviders]; the supported provider of highest rank wins.
public interface KernelProvider {
  /// Returns the name: `reference`, `vector`.
  String name();

  /// Returns the preference; higher wins.
  int rank();

  /// Returns why this machine cannot run them, or nothing if it can.
  Optional<String> unsupportedBecause();

  /// Returns one line on what was chosen for this machine: vector width, formats with fast paths.
  String describe();

  /// Creates the kernels over the threads of `parallel`, which the caller owns.
  Kernels create(Parallel parallel);
}
