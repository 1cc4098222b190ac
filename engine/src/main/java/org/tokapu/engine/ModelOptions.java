package org.tokapu.engine;

import java.util.Optional;
import org.tokapu.base.TokapuException;
import org.tokapu.tensor.KvLayout.KvType;

/// How a model is opened. Immutable; every `with` returns a changed copy.
///
/// None of this changes which tokens a seed yields but `kvType` and `kernels`.
///
/// @param context the longest sequence, prompt and answer; 0: as long as the model was trained for
/// @param threads how many threads compute; 0: one for each core
/// @param sequences how many sequences of that length may hold keys and values at once; memory is
///   taken only when they grow
/// @param chunk how many tokens of a prompt are computed in one forward pass
/// @param kvType how keys and values are kept
/// @param kernels name of the kernels; the fastest that this machine can run if absent
public record ModelOptions(
    int context, int threads, int sequences, int chunk, KvType kvType, Optional<String> kernels) {
  /// The trained context, all cores, four sequences, chunks of 512, float32 keys and values.
  public static final ModelOptions DEFAULT =
      new ModelOptions(0, 0, 4, 512, KvType.F32, Optional.empty());

  /// Checks the ranges.
  public ModelOptions {
    require("context", context, 0);
    require("threads", threads, 0);
    require("sequences", sequences, 1);
    require("chunk", chunk, 1);
  }

  private static void require(String name, int value, int least) {
    if (value < least) {
      throw new TokapuException(name + " must be at least " + least + ", is " + value);
    }
  }

  /// Sets the longest sequence; 0 for the trained one.
  public ModelOptions withContext(int value) {
    return new ModelOptions(value, threads, sequences, chunk, kvType, kernels);
  }

  /// Sets how many threads compute; 0 for one a core.
  public ModelOptions withThreads(int value) {
    return new ModelOptions(context, value, sequences, chunk, kvType, kernels);
  }

  /// Sets how many sequences may be open at once.
  public ModelOptions withSequences(int value) {
    return new ModelOptions(context, threads, value, chunk, kvType, kernels);
  }

  /// Sets how many prompt tokens are computed together.
  public ModelOptions withChunk(int value) {
    return new ModelOptions(context, threads, sequences, value, kvType, kernels);
  }

  /// Sets how keys and values are kept.
  public ModelOptions withKvType(KvType value) {
    return new ModelOptions(context, threads, sequences, chunk, value, kernels);
  }

  /// Names the kernels to use.
  public ModelOptions withKernels(String value) {
    return new ModelOptions(context, threads, sequences, chunk, kvType, Optional.of(value));
  }
}
