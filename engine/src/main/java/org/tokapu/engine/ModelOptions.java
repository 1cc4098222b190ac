package org.tokapu.engine;

import java.util.Optional;
import org.tokapu.base.TokapuException;
import org.tokapu.tensor.KvLayout.KvType;

/// How a model is opened. Immutable; every `with` returns a changed copy.
///
/// Nothing here but `kvType` and `kernels` changes which tokens a seed yields.
///
/// @param context the longest sequence in tokens; 0: as long as the model was trained for, or less
///   if no more fits into memory
/// @param sequences for how many sequences of that length there is memory; of shorter ones, more
///   run at once
/// @param threads how many threads compute; 0: one a core
/// @param chunk how many tokens are run at once, those of a prompt and those being generated
///   together: enough to keep the cores busy, little enough that cancelling does not wait; also the
///   most sequences that run side by side
/// @param queue how many requests may wait to begin; more are refused
/// @param kvType how keys and values are cached
/// @param kernels the name of the kernels; nothing: the best that this machine can run
public record ModelOptions(
    int context,
    int sequences,
    int threads,
    int chunk,
    int queue,
    KvType kvType,
    Optional<String> kernels) {
  /// Checks the ranges.
  public ModelOptions {
    require("context", context, 0);
    require("sequences", sequences, 1);
    require("threads", threads, 0);
    require("chunk", chunk, 1);
    require("queue", queue, 1);
  }

  private static void require(String name, int value, int least) {
    if (value < least) {
      throw new TokapuException(name + " must be at least " + least + ", is " + value);
    }
  }

  /// Returns the defaults: memory for one sequence, exact caching, all cores.
  public static ModelOptions defaults() {
    return new ModelOptions(0, 1, 0, 256, 256, KvType.F32, Optional.empty());
  }

  /// Sets the longest sequence; 0: what the model was trained for.
  public ModelOptions withContext(int value) {
    return new ModelOptions(value, sequences, threads, chunk, queue, kvType, kernels);
  }

  /// Sets how many sequences may be held at once.
  public ModelOptions withSequences(int value) {
    return new ModelOptions(context, value, threads, chunk, queue, kvType, kernels);
  }

  /// Sets how many threads compute; 0: one a core.
  public ModelOptions withThreads(int value) {
    return new ModelOptions(context, sequences, value, chunk, queue, kvType, kernels);
  }

  /// Sets how many tokens of a prompt are run at once.
  public ModelOptions withChunk(int value) {
    return new ModelOptions(context, sequences, threads, value, queue, kvType, kernels);
  }

  /// Sets how many requests may wait to begin.
  public ModelOptions withQueue(int value) {
    return new ModelOptions(context, sequences, threads, chunk, value, kvType, kernels);
  }

  /// Sets how keys and values are cached.
  public ModelOptions withKvType(KvType value) {
    return new ModelOptions(context, sequences, threads, chunk, queue, value, kernels);
  }

  /// Sets which kernels run.
  public ModelOptions withKernels(String value) {
    return new ModelOptions(context, sequences, threads, chunk, queue, kvType, Optional.of(value));
  }
}
