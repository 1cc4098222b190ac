package org.tokapu.engine;

import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.tokapu.engine.sampling.LogProbs;
import org.tokapu.engine.sampling.LogitsProcessor;
import org.tokapu.engine.sampling.SamplerChain;
import org.tokapu.engine.sampling.SamplingParams;
import org.tokapu.engine.sampling.StopStrings;
import org.tokapu.engine.sampling.TokenBuffer;
import org.tokapu.text.TokenDecoder;
import org.tokapu.text.Tokenizer;

/// A text that is being generated, token by token as it is iterated.
///
/// The model works when the next token is asked for, on the thread that asks. To be iterated once,
/// by one thread; [#cancel] may be called from any. Close it to give its memory back. The tokens
/// depend on model, prompt, parameters and seed alone: never on threads, chunks, caches, or what
/// else the model does.
///
/// An error (a token that does not exist, no memory for keys and values, logits that are no
/// numbers) is thrown while iterating and ends the generation.
public final class Generation implements Iterable<GeneratedToken>, AutoCloseable {
  private static final float[] NONE = {};

  private final LanguageModel model;
  private final SamplingParams params;
  private final PromptCache cache;
  private final boolean ownsCache;
  private final SamplerChain chain;
  private final StopStrings stops;
  private final @Nullable Tokenizer tokenizer;
  private final @Nullable TokenDecoder decoder;
  private final TokenBuffer tokens;
  private final float[] logits;
  private final int reusedTokens;
  private final int limit;
  private final StringBuilder text = new StringBuilder();
  private long promptNanos;
  private long generationNanos;
  private @Nullable FinishReason finish;
  private volatile boolean cancelled;
  private boolean iterated;

  /// @param continues whether the text goes on where the prompt ends: then a space in front of its
  ///   first word, and the rest of a character that the prompt begins, belong to it; else it is a
  ///   text of its own
  /// @param given a cache to use and to leave open; null: one of its own
  Generation(
      LanguageModel model,
      int[] prompt,
      boolean continues,
      SamplingParams params,
      @Nullable PromptCache given,
      List<LogitsProcessor> more) {
    this.model = model;
    this.params = params;
    chain = SamplerChain.of(params, model.samplingContext(), more);
    stops = new StopStrings(params.limits().stop());
    tokenizer = model.tokenizer().orElse(null);
    decoder = tokenizer == null ? null : decoder(tokenizer, continues ? prompt : new int[0]);
    logits = new float[model.samplingContext().vocabularySize()];
    int room = model.context() - prompt.length;
    int wanted = params.limits().maxTokens();
    limit = wanted < 0 ? room : Math.min(wanted, room);
    ownsCache = given == null;
    cache = given == null ? model.newCache() : given;
    reusedTokens = cache.begin(this, prompt);
    tokens = cache.ids();
  }

  /// Returns a decoder that has seen `before`.
  private static TokenDecoder decoder(Tokenizer tokenizer, int[] before) {
    TokenDecoder decoder = tokenizer.decoder();
    for (int id : before) {
      if (id >= 0 && id < tokenizer.vocabularySize()) { // others are refused when they are run
        decoder.next(id);
      }
    }
    return decoder;
  }

  /// Returns the tokens; iterating again is an error.
  @Override
  public Iterator<GeneratedToken> iterator() {
    if (iterated) {
      throw new IllegalStateException("a generation can be iterated once");
    }
    iterated = true;
    return new Tokens();
  }

  /// Returns the pieces of text as they become certain, none empty, as a sequential stream.
  public Stream<String> texts() {
    return StreamSupport.stream(spliterator(), false)
        .map(GeneratedToken::text)
        .filter(piece -> !piece.isEmpty());
  }

  private final class Tokens implements Iterator<GeneratedToken> {
    private @Nullable GeneratedToken ready;

    @Override
    public boolean hasNext() {
      if (ready == null && finish == null) {
        ready = advance();
      }
      return ready != null;
    }

    @Override
    public GeneratedToken next() {
      if (!hasNext() || ready == null) {
        throw new NoSuchElementException();
      }
      GeneratedToken out = ready;
      ready = null;
      return out;
    }
  }

  /// Computes the next token, or ends and returns null.
  private @Nullable GeneratedToken advance() {
    long start = System.nanoTime();
    boolean first = tokens.generated() == 0;
    try {
      if (limit == 0) {
        finish = FinishReason.LENGTH;
      } else if (read()) {
        return choose();
      } else {
        finish = FinishReason.CANCELLED;
      }
      return null;
    } catch (RuntimeException | Error e) {
      finish = FinishReason.FAILED;
      throw e;
    } finally {
      long nanos = System.nanoTime() - start;
      promptNanos += first ? nanos : 0;
      generationNanos += first ? 0 : nanos;
    }
  }

  /// Runs what is not yet cached; false if it was cancelled on the way.
  private boolean read() {
    int length = tokens.length();
    while (!cancelled && cache.belongsTo(this)) {
      int from = cache.sequence().length();
      if (from == length) {
        return true;
      }
      int to = Math.min(length, from + model.chunk());
      model.run(tokens.slice(from, to), cache.sequence(), to == length ? logits : NONE);
    }
    return false;
  }

  private GeneratedToken choose() {
    int id = chain.sample(logits, tokens);
    Optional<LogProbs> logProbs =
        params.logProbs() < 0
            ? Optional.empty()
            : Optional.of(LogProbs.of(logits, id, params.logProbs()));
    tokens.add(id);
    boolean ends = model.samplingContext().endOfGeneration().contains(id);
    String piece = "";
    // The end of an answer is no text, however it is spelled; some models have more logits than
    // tokens.
    if (!ends && tokenizer != null && decoder != null && id < tokenizer.vocabularySize()) {
      piece = stops.next(decoder.next(id));
    }
    if (ends || stops.stop().isPresent()) {
      finish = FinishReason.STOP;
    } else if (tokens.generated() >= limit) {
      finish = FinishReason.LENGTH;
    }
    if (finish != null) {
      piece += (decoder == null ? "" : stops.next(decoder.finish())) + stops.finish();
    }
    text.append(piece);
    return new GeneratedToken(id, piece, logProbs);
  }

  /// Runs to the end, if nobody has begun to iterate, and returns the text so far.
  public String text() {
    if (!iterated) {
      forEach(token -> {});
    }
    return textSoFar();
  }

  /// Returns the text that has become certain so far, and computes nothing.
  String textSoFar() {
    return text.toString();
  }

  /// Returns the ids generated so far, the token that ended the answer included.
  public int[] ids() {
    return tokens.slice(tokens.promptLength(), tokens.length());
  }

  /// Returns why it ended; nothing while it runs.
  public Optional<FinishReason> finish() {
    return Optional.ofNullable(finish);
  }

  /// Returns the stop string that ended it.
  public Optional<String> stop() {
    return stops.stop();
  }

  /// Returns the seed, also when it was chosen freshly.
  public long seed() {
    return chain.seed();
  }

  /// Returns the number of tokens of the prompt.
  public int promptTokens() {
    return tokens.promptLength();
  }

  /// Returns how many of them did not have to be read again.
  public int reusedTokens() {
    return reusedTokens;
  }

  /// Returns what it took so far, in tokens.
  public Usage usage() {
    return new Usage(promptTokens(), reusedTokens, tokens.generated());
  }

  /// Returns what it took so far, in time.
  public Timings timings() {
    return new Timings(Duration.ofNanos(promptNanos), Duration.ofNanos(generationNanos));
  }

  /// Ends it before the next forward pass. Thread-safe.
  public void cancel() {
    cancelled = true;
  }

  /// Ends it and gives its memory back. Harmless if repeated.
  @Override
  public void close() {
    cancelled = true;
    if (ownsCache) {
      cache.close();
    }
  }

  @Override
  public String toString() {
    return "Generation[prompt %d, generated %s, %s]"
        .formatted(promptTokens(), Arrays.toString(ids()), finish);
  }
}
