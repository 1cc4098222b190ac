package org.tokapu.engine;

import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.tokapu.engine.sampling.LogProbs;
import org.tokapu.engine.sampling.SamplerChain;
import org.tokapu.engine.sampling.SamplingContext;
import org.tokapu.engine.sampling.StopStrings;
import org.tokapu.text.TokenDecoder;
import org.tokapu.text.Tokenizer;

/// A sequence that grows by sampling; its tokens go to a queue that the reader empties.
final class GeneratingSequence extends Sequence {
  /// What a reader is told.
  sealed interface Event {
    /// The next token.
    ///
    /// @param finish why it is the last one; null: it is not
    /// @param stop the stop string that ended the text
    /// @param nanos since the sequence began
    record Token(
        GeneratedToken token, @Nullable FinishReason finish, Optional<String> stop, long nanos)
        implements Event {}

    /// The end, without a token.
    ///
    /// @param error null: it was cancelled
    record End(@Nullable Throwable error) implements Event {}
  }

  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final SamplingContext context;
  private final SamplerChain chain;
  private final StopStrings stops;
  private final @Nullable Tokenizer tokenizer;
  private final @Nullable TokenDecoder decoder;
  private final int logProbs;
  private final int limit;
  private final int publicTokens;
  private long started;
  private volatile int reused;
  private Event.@Nullable Token sampled;
  private @Nullable Throwable failure;

  /// @param limit the most tokens to generate, at least 1
  GeneratingSequence(
      GenerationRequest request,
      SamplingContext context,
      @Nullable Tokenizer tokenizer,
      int limit) {
    super(request.scope(), request.prompt());
    this.context = context;
    this.tokenizer = tokenizer;
    this.limit = limit;
    chain = SamplerChain.of(request.params(), context, request.processors());
    stops = new StopStrings(request.params().limits().stop());
    logProbs = request.params().logProbs();
    publicTokens = Math.min(request.publicTokens(), request.prompt().length);
    decoder =
        tokenizer == null
            ? null
            : decoder(tokenizer, request.continues() ? request.prompt() : new int[0]);
  }

  /// Returns a decoder that has seen `before`.
  private static TokenDecoder decoder(Tokenizer tokenizer, int[] before) {
    TokenDecoder decoder = tokenizer.decoder();
    for (int id : before) {
      if (id < tokenizer.vocabularySize()) { // some models have more logits than tokens
        decoder.next(id);
      }
    }
    return decoder;
  }

  BlockingQueue<Event> events() {
    return events;
  }

  long seed() {
    return chain.seed();
  }

  /// Returns how many tokens of the prompt came from the cache. Thread-safe.
  int reused() {
    return reused;
  }

  @Override
  boolean shares() {
    return true;
  }

  @Override
  int publicTokens() {
    return publicTokens;
  }

  @Override
  void begin(int tokens) {
    reused = tokens;
    started = System.nanoTime();
  }

  @Override
  void restart() {} // the tokens so far, and the state of the chain, stay

  /// Chooses the next token; an error is kept for [#failure]. May run on any thread, beside those
  /// of other sequences.
  ///
  /// @param logits `[vocabulary]` of the last token's row
  void sample(float[] logits) {
    try {
      sampled = choose(logits);
    } catch (RuntimeException | Error e) {
      failure = e;
    }
  }

  private Event.Token choose(float[] logits) {
    int id = chain.sample(logits, tokens());
    Optional<LogProbs> probabilities =
        logProbs < 0 ? Optional.empty() : Optional.of(LogProbs.of(logits, id, logProbs));
    tokens().add(id);
    boolean ends = context.endOfGeneration().contains(id);
    String piece = "";
    // The end of an answer is no text, however it is spelled.
    if (!ends && tokenizer != null && decoder != null && id < tokenizer.vocabularySize()) {
      piece = stops.next(decoder.next(id));
    }
    FinishReason finish = null;
    if (ends || stops.stop().isPresent()) {
      finish = FinishReason.STOP;
    } else if (tokens().generated() >= limit) {
      finish = FinishReason.LENGTH;
    }
    if (finish != null) {
      piece += (decoder == null ? "" : stops.next(decoder.finish())) + stops.finish();
    }
    return new Event.Token(
        new GeneratedToken(id, piece, probabilities),
        finish,
        stops.stop(),
        System.nanoTime() - started);
  }

  /// Returns what [#sample] threw.
  @Nullable Throwable failure() {
    return failure;
  }

  /// Returns whether the token just sampled is the last one.
  boolean finished() {
    return sampled != null && sampled.finish() != null;
  }

  /// Hands the token just sampled to the reader.
  void deliver() {
    if (sampled != null) {
      events.add(sampled);
      sampled = null;
    }
  }

  @Override
  void fail(Throwable error) {
    events.add(new Event.End(error));
  }

  /// Wakes a reader that waits, once cancelled. Thread-safe.
  void endReading() {
    events.add(new Event.End(null));
  }
}
