package org.tokapu.engine;

import java.util.Optional;
import org.tokapu.tensor.KvLayout.KvType;

/// How a model is opened. Immutable; every `with` returns a changed copy.
///
/// @param context the longest sequence in tokens; 0: as long as the model was trained for, or less
///   if no more fits into memory
/// @param sequences how many sequences may be held at once, each of that length
/// @param threads how many threads compute; 0: one a core
/// @param kvType how keys and values are cached
/// @param kernels the name of the kernels; nothing: the best that this machine can run
public record ModelOptions(
    int context, int sequences, int threads, KvType kvType, Optional<String> kernels) {
  /// Checks the ranges.
  public ModelOptions {
    if (context < 0 || sequences < 1 || threads < 0) {
      throw new IllegalArgumentException(
          "context and threads must not be negative, sequences must be positive: %d, %d, %d"
              .formatted(context, threads, sequences));
    }
  }

  /// Returns the defaults: one sequence, exact caching, all cores.
  public static ModelOptions defaults() {
    return new ModelOptions(0, 1, 0, KvType.F32, Optional.empty());
  }

  /// Sets the longest sequence; 0: what the model was trained for.
  public ModelOptions withContext(int value) {
    return new ModelOptions(value, sequences, threads, kvType, kernels);
  }

  /// Sets how many sequences may be held at once.
  public ModelOptions withSequences(int value) {
    return new ModelOptions(context, value, threads, kvType, kernels);
  }

  /// Sets how many threads compute; 0: one a core.
  public ModelOptions withThreads(int value) {
    return new ModelOptions(context, sequences, value, kvType, kernels);
  }

  /// Sets how keys and values are cached.
  public ModelOptions withKvType(KvType value) {
    return new ModelOptions(context, sequences, threads, value, kernels);
  }

  /// Sets which kernels run.
  public ModelOptions withKernels(String value) {
    return new ModelOptions(context, sequences, threads, kvType, Optional.of(value));
  }
}
