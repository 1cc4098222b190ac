package org.tokapu.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.tokapu.base.TokapuException;
import org.tokapu.engine.sampling.SamplingContext;
import org.tokapu.engine.sampling.SamplingParams;
import org.tokapu.model.Inference;
import org.tokapu.model.KvSequence;
import org.tokapu.model.TokenBatch;
import org.tokapu.model.source.ModelSource;
import org.tokapu.model.source.ModelSources;
import org.tokapu.tensor.Parallel;
import org.tokapu.tensor.Tensor;
import org.tokapu.tensor.kernels.KernelProviders;
import org.tokapu.text.Tokenizer;

/// An open model that generates text. Thread-safe.
///
/// Owns the mapped file, the threads and all memory. Close its generations and conversations before
/// it, or together with it: afterwards they fail.
public final class Model implements AutoCloseable {
  private final ModelSource source;
  private final Arena arena = Arena.ofShared();
  private final Parallel parallel;
  private final Inference inference;
  private final SamplingContext sampling;
  private final int chunk;
  // Forward passes take turns, and the cache's pages belong to whoever holds this.
  private final ReentrantLock turn = new ReentrantLock(true);
  private boolean closed;

  private Model(ModelSource source, ModelOptions options) {
    this.source = source;
    int threads =
        options.threads() > 0 ? options.threads() : Runtime.getRuntime().availableProcessors();
    parallel = Parallel.of(threads);
    try {
      inference = inference(options);
      sampling =
          new SamplingContext(
              inference.model().shape().vocabulary(), EndTokens.of(source), source.tokenizer());
    } catch (RuntimeException e) {
      parallel.close();
      arena.close();
      throw e;
    }
    chunk = options.chunk();
  }

  private Inference inference(ModelOptions options) {
    int context =
        options.context() > 0 ? options.context() : source.hyperparameters().size("context_length");
    return new Inference(
        source.load(arena, context),
        KernelProviders.choose(options.kernels().orElse(null)).create(parallel),
        options.kvType(),
        context,
        options.sequences());
  }

  /// Opens a GGUF file, a folder with safetensors, or a llama2.c file.
  public static Model open(Path path) {
    return open(path, ModelOptions.DEFAULT);
  }

  /// Opens a model.
  ///
  /// @throws org.tokapu.base.ModelFormatException if the file is broken or of an unknown kind
  /// @throws org.tokapu.base.OutOfCapacityException if the model has fewer positions than asked for
  public static Model open(Path path, ModelOptions options) {
    return own(ModelSources.open(path), options);
  }

  /// Takes over an open source, which is closed together with the model.
  public static Model own(ModelSource source, ModelOptions options) {
    try {
      return new Model(source, options);
    } catch (RuntimeException e) {
      source.close();
      throw e;
    }
  }

  /// Returns the file.
  public ModelSource source() {
    return source;
  }

  /// Returns what runs the model, for other work than generation. It is confined to one thread at a
  /// time: use it only while nothing is generated.
  public Inference inference() {
    return inference;
  }

  /// Returns the longest sequence, prompt and answer.
  public int context() {
    return inference.context();
  }

  /// Returns the tokenizer, or nothing if the model has none.
  public Optional<Tokenizer> tokenizer() {
    return source.tokenizer();
  }

  /// Returns the tokens that end an answer.
  public Set<Integer> endOfGeneration() {
    return sampling.endOfGeneration();
  }

  /// Continues a prompt; computation begins with the first event that is asked for.
  ///
  /// @throws org.tokapu.base.OutOfCapacityException if the prompt leaves no room in the context
  /// @throws TokapuException if a parameter does not fit the model, or a text is given to a model
  ///     without a tokenizer
  public Generation generate(Prompt prompt, SamplingParams params) {
    Conversation once = conversation();
    return once.generate(prompt, params, List.of(), true);
  }

  /// Continues a text and returns what follows.
  ///
  /// @throws TokapuException as [#generate], and if the generation fails
  public String complete(String text, SamplingParams params) {
    try (Generation generation = generate(Prompt.text(text), params)) {
      return generation.complete().text();
    }
  }

  /// Continues a text with the default parameters.
  public String complete(String text) {
    return complete(text, SamplingParams.defaults());
  }

  /// Starts a conversation: generations that share the keys and values of a common beginning.
  public Conversation conversation() {
    return new Conversation(this);
  }

  /// Returns the tokenizer.
  ///
  /// @throws TokapuException if the model has none
  Tokenizer requireTokenizer() {
    return tokenizer()
        .orElseThrow(
            () ->
                new TokapuException(
                    source.path() + " has no tokenizer; give token ids, or a file with one"));
  }

  SamplingContext sampling() {
    return sampling;
  }

  int chunk() {
    return chunk;
  }

  KvSequence openSequence() {
    return inTurn(() -> inference.pool().open());
  }

  /// Forgets all positions of a sequence from `length` on.
  void truncate(KvSequence sequence, int length) {
    inTurn(
        () -> {
          sequence.truncate(length);
          return length;
        });
  }

  /// Gives the pages of a sequence back; harmless once the model is closed.
  void release(KvSequence sequence) {
    turn.lock();
    try {
      if (!closed) {
        sequence.close();
      }
    } finally {
      turn.unlock();
    }
  }

  /// Runs tokens that continue `sequence`.
  ///
  /// @param logits takes the logits of the last one, if it has room for them
  void forward(KvSequence sequence, int[] ids, float[] logits) {
    inTurn(
        () -> {
          int wanted = logits.length == 0 ? 0 : 1;
          Tensor out = inference.logits(TokenBatch.builder().add(ids, sequence, wanted).build());
          MemorySegment.copy(out.data(), ValueLayout.JAVA_FLOAT, 0, logits, 0, logits.length);
          return out;
        });
  }

  private <T> T inTurn(Supplier<T> action) {
    turn.lock();
    try {
      if (closed) {
        throw new TokapuException(source.path() + " has been closed; open the model again");
      }
      return action.get();
    } finally {
      turn.unlock();
    }
  }

  /// Waits for a forward pass that is under way, then gives everything back. Harmless if repeated.
  @Override
  public void close() {
    turn.lock();
    try {
      if (!closed) {
        closed = true;
        inference.close();
        parallel.close();
        arena.close();
        source.close();
      }
    } finally {
      turn.unlock();
    }
  }
}
