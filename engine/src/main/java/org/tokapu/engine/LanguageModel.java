package org.tokapu.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.OutOfCapacityException;
import org.tokapu.base.TokapuException;
import org.tokapu.engine.sampling.LogitsProcessor;
import org.tokapu.engine.sampling.SamplingContext;
import org.tokapu.engine.sampling.SamplingParams;
import org.tokapu.model.Inference;
import org.tokapu.model.KvSequence;
import org.tokapu.model.TokenBatch;
import org.tokapu.model.Transformer;
import org.tokapu.model.file.StoredTensors;
import org.tokapu.model.source.ModelSource;
import org.tokapu.model.source.ModelSources;
import org.tokapu.tensor.KvLayout;
import org.tokapu.tensor.KvLayout.KvType;
import org.tokapu.tensor.Parallel;
import org.tokapu.tensor.SpinParallel;
import org.tokapu.tensor.Tensor;
import org.tokapu.tensor.kernels.KernelProviders;
import org.tokapu.text.SpecialScope;
import org.tokapu.text.SpecialTokens;
import org.tokapu.text.Tokenizer;
import org.tokapu.text.chat.ChatPrompt;
import org.tokapu.text.chat.ChatRequest;
import org.tokapu.text.chat.ChatTemplate;

/// An open model that writes.
///
/// ```java
/// try (LanguageModel model = LanguageModel.open(Path.of("model.gguf"))) {
///   SamplingParams params = SamplingParams.defaults().withMaxTokens(100);
///   try (Generation story = model.generate("Once upon a time", params)) {
///     for (GeneratedToken token : story) {
///       System.out.print(token.text());
///     }
///   }
/// }
/// ```
///
/// Thread-safe: several generations may run at once (open it with as many `sequences`) and take
/// turns step by step. What one yields does not depend on the others. Owns the file, the threads
/// and all memory; close it last.
public final class LanguageModel implements AutoCloseable {
  private final ModelSource source;
  private final Arena arena;
  private final Parallel parallel;
  private final Inference inference;
  private final MemoryPlan plan;
  private final SamplingContext samplingContext;
  private final int chunk;

  /// Forward passes take turns; pages of the cache are touched only by whoever holds this.
  private final ReentrantLock turn = new ReentrantLock(true);

  private boolean closed;

  private LanguageModel(ModelSource source, Arena arena, Parallel parallel, ModelOptions options) {
    this.source = source;
    this.arena = arena;
    this.parallel = parallel;
    chunk = options.chunk();
    Transformer.Shape shape = source.load(arena, 1).shape();
    plan = plan(source.path(), shape, options);
    int context = options.context() > 0 ? options.context() : defaultContext(shape, plan);
    plan.require(context);
    inference =
        new Inference(
            source.load(arena, context),
            KernelProviders.choose(options.kernels().orElse(null)).create(parallel),
            options.kvType(),
            context,
            options.sequences());
    samplingContext =
        new SamplingContext(shape.vocabulary(), EndTokens.of(source), source.tokenizer());
  }

  /// Opens a model with the defaults.
  ///
  /// @param path a GGUF file, a folder with safetensors, or a llama2.c file
  /// @throws TokapuException if it cannot be read or does not fit into memory
  public static LanguageModel open(Path path) {
    return open(path, ModelOptions.defaults());
  }

  /// Opens a model, after a look at the memory that it needs.
  ///
  /// @param path a GGUF file, a folder with safetensors, or a llama2.c file
  /// @throws TokapuException if it cannot be read or does not fit into memory
  public static LanguageModel open(Path path, ModelOptions options) {
    return own(ModelSources.open(path), options);
  }

  /// Takes over an open file, which is closed together with the model.
  ///
  /// @throws TokapuException if it cannot be read or does not fit into memory; then it is closed
  public static LanguageModel own(ModelSource source, ModelOptions options) {
    Arena arena = Arena.ofShared();
    Parallel parallel =
        options.threads() > 0 ? SpinParallel.of(options.threads()) : SpinParallel.ofCores();
    try {
      return new LanguageModel(source, arena, parallel, options);
    } catch (RuntimeException | Error e) {
      parallel.close();
      arena.close();
      source.close();
      throw e;
    }
  }

  private static MemoryPlan plan(Path path, Transformer.Shape shape, ModelOptions options) {
    long weights;
    try (StoredTensors tensors = StoredTensors.open(path)) {
      weights = tensors.bytes();
    }
    long kv = options.sequences() * kvBytes(shape, options.kvType());
    return new MemoryPlan(weights, kv, Memory.now().available());
  }

  private static int defaultContext(Transformer.Shape shape, MemoryPlan plan) {
    return Math.max(1, plan.largestContext(Math.min(shape.trainedContext(), shape.maxPositions())));
  }

  /// Returns the bytes of keys and values that a position takes.
  public static long kvBytes(Transformer.Shape shape, KvType type) {
    int tile = KvLayout.TILE;
    return new KvLayout(shape.layers(), shape.kvHeads(), shape.headDim(), tile, type).pageBytes()
        / tile;
  }

  /// Returns the opened file.
  public ModelSource source() {
    return source;
  }

  /// Returns what runs the model, for measurements; not to be used beside generations.
  public Inference inference() {
    return inference;
  }

  /// Returns the memory that it was found to need.
  public MemoryPlan memory() {
    return plan;
  }

  /// Returns how many threads compute.
  public int threads() {
    return parallel.width();
  }

  /// Returns the longest sequence in tokens.
  public int context() {
    return inference.context();
  }

  /// Returns the tokenizer, or nothing if the model has none.
  public Optional<Tokenizer> tokenizer() {
    return source.tokenizer();
  }

  /// Returns the ids of a text as a prompt: with the special tokens that the tokenizer adds, and
  /// without reading any in the text itself.
  ///
  /// @throws TokapuException if the model has no tokenizer
  public int[] encode(String text) {
    return requireTokenizer().encodePrompt(text, SpecialScope.NONE);
  }

  /// Returns the ids of a conversation as `template` writes it; in front the token that begins a
  /// text, if the tokenizer adds one and the template does not.
  ///
  /// @throws TokapuException if the model has no tokenizer, or the template refuses
  public int[] encode(ChatTemplate template, ChatRequest request) {
    Tokenizer tokenizer = requireTokenizer();
    ChatPrompt prompt = template.render(request);
    int[] ids = tokenizer.encode(prompt.text(), prompt);
    SpecialTokens special = tokenizer.special();
    if (!special.addBos() || special.bos() < 0 || (ids.length > 0 && ids[0] == special.bos())) {
      return ids;
    }
    int[] out = new int[ids.length + 1];
    out[0] = special.bos();
    System.arraycopy(ids, 0, out, 1, ids.length);
    return out;
  }

  private Tokenizer requireTokenizer() {
    return tokenizer()
        .orElseThrow(() ->
            new TokapuException(
                source.path()
                    + " has no tokenizer, which texts need; name a file that has one, or give token ids"));
  }

  /// Starts to continue a text.
  ///
  /// @throws TokapuException if the model has no tokenizer, or the text does not fit the context
  public Generation generate(String prompt, SamplingParams params) {
    return generate(encode(prompt), params);
  }

  /// Starts to continue tokens, taken as they are.
  ///
  /// @throws TokapuException if they are none, unknown, or do not fit the context
  public Generation generate(int[] prompt, SamplingParams params) {
    return generation(prompt, true, params, null, List.of());
  }

  /// Starts to continue tokens; what they share with the last generation in `cache` is not read
  /// again.
  ///
  /// @throws TokapuException if they are none, unknown, or do not fit the context
  public Generation generate(int[] prompt, SamplingParams params, PromptCache cache) {
    return generate(prompt, params, cache, List.of());
  }

  /// As above, under more constraints, which are applied after the built-in processors.
  ///
  /// @throws TokapuException if the tokens are none, unknown, or do not fit the context
  public Generation generate(
      int[] prompt, SamplingParams params, PromptCache cache, List<LogitsProcessor> more) {
    return generation(prompt, true, params, cache, more);
  }

  /// Starts an answer to a conversation: a text of its own, not the rest of one.
  ///
  /// @param conversation as [#encode(ChatTemplate, ChatRequest)] gives it
  Generation answer(int[] conversation, SamplingParams params, PromptCache cache) {
    return generation(conversation, false, params, cache, List.of());
  }

  /// Starts an answer to a conversation: a text of its own, not the rest of one.
  ///
  /// @param conversation as [#encode(ChatTemplate, ChatRequest)] gives it
  /// @throws TokapuException if it has no tokens, unknown ones, or does not fit the context
  public Generation answer(int[] conversation, SamplingParams params) {
    return generation(conversation, false, params, null, List.of());
  }

  private Generation generation(
      int[] prompt,
      boolean continues,
      SamplingParams params,
      @Nullable PromptCache cache,
      List<LogitsProcessor> more) {
    if (prompt.length == 0) {
      throw new TokapuException(
          "the prompt has no tokens; give a text, or ids (this tokenizer adds none of its own)");
    }
    if (prompt.length >= context()) {
      throw new OutOfCapacityException(
          ("the prompt has %d tokens, and an answer needs at least one more, but the context holds"
                  + " %d; shorten the prompt, or open the model with a larger context (--ctx)")
              .formatted(prompt.length, context()));
    }
    return new Generation(this, prompt, continues, params, cache, more);
  }

  /// Continues a text and returns what follows.
  ///
  /// @throws TokapuException if the model has no tokenizer, the text does not fit the context, or
  ///   something fails on the way
  public String complete(String prompt, SamplingParams params) {
    try (Generation generation = generate(prompt, params)) {
      return generation.text();
    }
  }

  /// Starts an empty cache for [#generate(int[], SamplingParams, PromptCache)].
  public PromptCache newCache() {
    return new PromptCache(this);
  }

  SamplingContext samplingContext() {
    return samplingContext;
  }

  int chunk() {
    return chunk;
  }

  /// Runs tokens that continue a sequence.
  ///
  /// @param logits takes those of the last token, unless it is empty
  void run(int[] ids, KvSequence sequence, float[] logits) {
    inTurn(() -> {
      int wanted = logits.length == 0 ? 0 : 1;
      Tensor out = inference.logits(TokenBatch.builder().add(ids, sequence, wanted).build());
      MemorySegment.copy(out.data(), ValueLayout.JAVA_FLOAT, 0, logits, 0, logits.length);
      return out.rows();
    });
  }

  /// Does something with the sequences of the model while nobody else does.
  <T> T inTurn(Supplier<T> action) {
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

  /// Waits for a forward pass that is under way and frees everything; generations that have not
  /// ended then fail. Harmless if repeated.
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

  @Override
  public String toString() {
    return "LanguageModel[%s, context %d, %s]"
        .formatted(source.path(), context(), inference.kernels().name());
  }
}
