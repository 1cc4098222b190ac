package org.tokapu.engine;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.tokapu.base.OutOfCapacityException;
import org.tokapu.base.TokapuException;
import org.tokapu.engine.sampling.SamplingContext;
import org.tokapu.engine.sampling.SamplingParams;
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
/// Thread-safe: any number of generations may run at once; their rows run together, as far as
/// memory reaches (open it with more `sequences`), and the others wait. What one yields does not
/// depend on the others. Owns the file, the threads and all memory; close it last.
public final class LanguageModel implements AutoCloseable {
  private final ModelSource source;
  private final Arena arena;
  private final Parallel parallel;
  private final Inference inference;
  private final MemoryPlan plan;
  private final SamplingContext samplingContext;
  private final EngineLoop loop;
  private final Embedder embedder;
  private final AtomicBoolean closed = new AtomicBoolean();

  private LanguageModel(ModelSource source, Arena arena, Parallel parallel, ModelOptions options) {
    this.source = source;
    this.arena = arena;
    this.parallel = parallel;
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
    Pooling pooling = Pooling.of(source);
    loop = new EngineLoop(source.path().toString(), inference, parallel, options);
    embedder = new Embedder(loop, pooling, shape.dim());
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

  /// Returns what runs the model, for measurements. Not to be used while a generation runs or
  /// vectors are computed: nothing guards it against the thread of the model, which sleeps
  /// otherwise.
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
  /// @throws TokapuException as [#generate(GenerationRequest)]; or if the model has no tokenizer
  public Generation generate(String prompt, SamplingParams params) {
    return generate(encode(prompt), params);
  }

  /// Starts to continue tokens, taken as they are.
  ///
  /// @throws TokapuException as [#generate(GenerationRequest)]
  public Generation generate(int[] prompt, SamplingParams params) {
    return generate(GenerationRequest.of(prompt, params));
  }

  /// Starts to generate.
  ///
  /// @throws OutOfCapacityException if the prompt does not fit the context, or too many requests
  ///   wait already
  /// @throws TokapuException if the prompt has no tokens or unknown ones, or a parameter does not
  ///   fit the model
  public Generation generate(GenerationRequest request) {
    int[] prompt = request.prompt();
    requireTokens(prompt);
    if (prompt.length >= context()) {
      throw new OutOfCapacityException(
          ("the prompt has %d tokens, and an answer needs at least one more, but the context holds"
                  + " %d; shorten the prompt, or open the model with a larger context (--ctx)")
              .formatted(prompt.length, context()));
    }
    int room = context() - prompt.length;
    int wanted = request.params().limits().maxTokens();
    int limit = wanted < 0 ? room : Math.min(wanted, room);
    GeneratingSequence sequence =
        new GeneratingSequence(request, samplingContext, tokenizer().orElse(null), limit);
    return limit == 0 ? Generation.ofNothing(loop, sequence) : Generation.start(loop, sequence);
  }

  /// Starts an answer to a conversation: a text of its own, not the rest of one.
  ///
  /// @param conversation as [#encode(ChatTemplate, ChatRequest)] gives it
  /// @throws TokapuException as [#generate(GenerationRequest)]
  public Generation answer(int[] conversation, SamplingParams params) {
    return generate(GenerationRequest.of(conversation, params).withContinues(false));
  }

  private void requireTokens(int[] prompt) {
    if (prompt.length == 0) {
      throw new TokapuException(
          "the prompt has no tokens; give a text, or ids (this tokenizer adds none of its own)");
    }
    int vocabulary = samplingContext.vocabularySize();
    for (int id : prompt) {
      if (id < 0 || id >= vocabulary) {
        throw new TokapuException(
            "token id %d is outside the vocabulary of %d; ids lie in 0..%d"
                .formatted(id, vocabulary, vocabulary - 1));
      }
    }
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

  /// Returns a vector of length 1 for each input, `[inputs][dim]`: its hidden states after the
  /// final norm, pooled as [#pooling] says. The same bits alone or among others.
  ///
  /// @throws OutOfCapacityException if an input does not fit the context, or too many requests wait
  /// @throws TokapuException if an input has no tokens or unknown ones
  public List<float[]> embed(List<int[]> inputs) {
    return embed(inputs, "");
  }

  /// As above, for somebody.
  ///
  /// @param scope whose inputs they are: scopes take turns
  public List<float[]> embed(List<int[]> inputs, String scope) {
    return embed(inputs, scope, () -> false);
  }

  /// As above, until it is no longer wanted; then no further forward pass is made for it.
  ///
  /// @param cancelled asked often
  /// @throws CancellationException if it says so, or the thread is interrupted
  public List<float[]> embed(List<int[]> inputs, String scope, BooleanSupplier cancelled) {
    for (int[] input : inputs) {
      requireTokens(input);
      if (input.length > context()) {
        throw new OutOfCapacityException(
            "an input has %d tokens, but the context holds %d; shorten it, or open the model with a larger context (--ctx)"
                .formatted(input.length, context()));
      }
    }
    return embedder.embed(inputs, scope, cancelled);
  }

  /// Returns how many numbers a vector of [#embed(List)] has.
  public int embeddingSize() {
    return embedder.size();
  }

  /// Returns how the hidden states of a text become one vector.
  public Pooling pooling() {
    return embedder.pooling();
  }

  /// Returns what it does and has done, as of the last forward pass.
  public EngineStats stats() {
    return loop.stats();
  }

  /// Forgets the keys and values that are kept for a scope; what it made public stays.
  ///
  /// @throws TokapuException if the model has been closed
  public void forget(String scope) {
    loop.call(() -> {
      loop.cache().forget(scope);
      return true;
    });
  }

  /// Waits for a forward pass that is under way and frees everything; generations that have not
  /// been read to their end then fail. Harmless if repeated.
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      loop.close();
      inference.close();
      parallel.close();
      arena.close();
      source.close();
    }
  }

  @Override
  public String toString() {
    return "LanguageModel[%s, context %d, %s]"
        .formatted(source.path(), context(), inference.kernels().name());
  }
}
