package org.tokapu.cli.command;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import org.tokapu.base.TokapuException;
import org.tokapu.cli.machine.Memory;
import org.tokapu.cli.machine.MemoryPlan;
import org.tokapu.model.Inference;
import org.tokapu.model.Transformer;
import org.tokapu.model.file.StoredTensors;
import org.tokapu.model.source.ModelSource;
import org.tokapu.model.source.ModelSources;
import org.tokapu.tensor.KvLayout;
import org.tokapu.tensor.KvLayout.KvType;
import org.tokapu.tensor.Parallel;
import org.tokapu.tensor.SpinParallel;
import org.tokapu.tensor.kernels.KernelProviders;
import org.tokapu.text.Tokenizer;

/// A model that is ready to run, with everything that it owns.
final class OpenModel implements AutoCloseable {
  private final ModelSource source;
  private final Arena arena;
  private final Parallel parallel;
  private final Inference inference;
  private final long weightBytes;

  private OpenModel(
      ModelSource source, Arena arena, Parallel parallel, Inference inference, long weightBytes) {
    this.source = source;
    this.arena = arena;
    this.parallel = parallel;
    this.inference = inference;
    this.weightBytes = weightBytes;
  }

  /// How to open a model.
  ///
  /// @param context the longest sequence; 0: as long as the model was trained for, or less if no more
  ///   fits
  /// @param threads how many compute; 0: one a core
  /// @param sequences how many sequences run at once
  record Request(int context, int threads, int sequences) {}

  /// Opens a model after a look at the memory that it needs.
  static OpenModel open(Path path, Request request) {
    long weights;
    try (StoredTensors tensors = StoredTensors.open(path)) {
      weights = tensors.bytes();
    }
    ModelSource source = ModelSources.open(path);
    Arena arena = Arena.ofShared();
    Parallel parallel = request.threads() > 0 ? SpinParallel.of(request.threads()) : SpinParallel.ofCores();
    try {
      Transformer.Shape shape = source.load(arena, 1).shape();
      MemoryPlan plan =
          new MemoryPlan(
              weights,
              request.sequences() * kvBytes(shape, KvType.F32),
              Memory.now().available());
      int length = request.context() > 0 ? request.context() : defaultContext(shape, plan);
      plan.require(length);
      Inference inference =
          new Inference(
              source.load(arena, length),
              KernelProviders.choose(null).create(parallel),
              KvType.F32,
              length,
              request.sequences());
      return new OpenModel(source, arena, parallel, inference, weights);
    } catch (RuntimeException e) {
      parallel.close();
      arena.close();
      source.close();
      throw e;
    }
  }

  private static int defaultContext(Transformer.Shape shape, MemoryPlan plan) {
    int wanted = Math.min(shape.trainedContext(), shape.maxPositions());
    return Math.max(1, plan.largestContext(wanted));
  }

  /// Returns the bytes of keys and values a position.
  static long kvBytes(Transformer.Shape shape, KvType type) {
    int page = KvLayout.TILE;
    return new KvLayout(shape.layers(), shape.kvHeads(), shape.headDim(), page, type).pageBytes()
        / page;
  }

  Inference inference() {
    return inference;
  }

  ModelSource source() {
    return source;
  }

  Parallel parallel() {
    return parallel;
  }

  long weightBytes() {
    return weightBytes;
  }

  /// Returns the tokenizer.
  ///
  /// @throws TokapuException if the model has none
  Tokenizer tokenizer() {
    return source
        .tokenizer()
        .orElseThrow(
            () ->
                new TokapuException(
                    source.path()
                        + " has no tokenizer; give token ids (--prompt-ids) or a file with one"));
  }

  @Override
  public void close() {
    inference.close();
    parallel.close();
    arena.close();
    source.close();
  }
}
