package org.tokapu.engine;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.OutOfCapacityException;
import org.tokapu.base.TokapuException;
import org.tokapu.engine.sampling.SamplingContext;
import org.tokapu.engine.sampling.SamplingParams;
import org.tokapu.model.Inference;
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

  private LanguageModel(
      ModelSource source, Arena arena, Parallel parallel, Inference inference, MemoryPlan plan) {
    this.source = source;
    this.arena = arena;
    this.parallel = parallel;
    this.inference = inference;
    this.plan = plan;
    this.samplingContext =
        new SamplingContext(
            inference.model().shape().vocabulary(), EndTokens.of(source), source.tokenizer());
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
    ModelSource source = ModelSources.open(path);
    Arena arena = Arena.ofShared();
    Parallel parallel =
        options.threads() > 0 ? SpinParallel.of(options.threads()) : SpinParallel.ofCores();
    try {
      Transformer.Shape shape = source.load(arena, 1).shape();
      MemoryPlan plan = plan(path, shape, options);
      int context = options.context() > 0 ? options.context() : defaultContext(shape, plan);
      plan.require(context);
      Inference inference =
          new Inference(
              source.load(arena, context),
              KernelProviders.choose(options.kernels().orElse(null)).create(parallel),
              options.kvType(),
              context,
              options.sequences());
      return new LanguageModel(source, arena, parallel, inference, plan);
    } catch (RuntimeException e) {
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
                source.path() + " has no tokenizer; give token ids, or a file that has one"));
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
    return generation(prompt, params, null);
  }

  /// Starts to continue tokens; what they share with the last generation in `cache` is not read
  /// again.
  ///
  /// @throws TokapuException if they are none, unknown, or do not fit the context
  public Generation generate(int[] prompt, SamplingParams params, PromptCache cache) {
    return generation(prompt, params, cache);
  }

  private Generation generation(int[] prompt, SamplingParams params, @Nullable PromptCache cache) {
    if (prompt.length == 0) {
      throw new TokapuException(
          "the prompt has no tokens; give a text, or ids (this tokenizer adds none of its own)");
    }
    if (prompt.length > context()) {
      throw new OutOfCapacityException(
          "the prompt has %d tokens, the context %d; shorten it or open the model with a larger one"
              .formatted(prompt.length, context()));
    }
    return new Generation(this, prompt, params, cache);
  }

  /// Starts an empty cache for [#generate(int[], SamplingParams, PromptCache)].
  public PromptCache newCache() {
    return new PromptCache(inference);
  }

  SamplingContext samplingContext() {
    return samplingContext;
  }

  /// Runs one step; the logits are good inside of `use` alone.
  <T> T run(TokenBatch batch, Function<Tensor, T> use) {
    synchronized (inference) {
      return use.apply(inference.logits(batch));
    }
  }

  /// Frees everything. Generations must have ended.
  @Override
  public void close() {
    inference.close();
    parallel.close();
    arena.close();
    source.close();
  }

  @Override
  public String toString() {
    return "LanguageModel[%s, context %d, %s]"
        .formatted(source.path(), context(), inference.kernels().name());
  }
}
