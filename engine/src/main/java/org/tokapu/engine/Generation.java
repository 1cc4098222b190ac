package org.tokapu.engine;

import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.tokapu.engine.GeneratingSequence.Event;
import org.tokapu.engine.sampling.TokenBuffer;

/// A text that is being generated, as its reader sees it: token by token, as it is iterated.
///
/// The model works on its own thread from the moment the generation is started, and never waits for
/// a reader. To be iterated once, by one thread; [#cancel] may be called from any. What has been
/// read so far is what the other methods tell of. Close it, lest the model works for nobody. The
/// tokens depend on model, prompt, parameters and seed alone: never on threads, chunks, caches, or
/// what else the model does.
///
/// An error (no memory for keys and values, logits that are no numbers, a model that was closed) is
/// thrown while iterating and ends the generation. A thread that is interrupted while it waits
/// cancels it.
public final class Generation implements Iterable<GeneratedToken>, AutoCloseable {
  private final EngineLoop loop;
  private final GeneratingSequence sequence;
  private final TokenBuffer read = new TokenBuffer();
  private final StringBuilder text = new StringBuilder();
  private final int promptTokens;
  private Optional<String> stop = Optional.empty();
  private long promptNanos;
  private long totalNanos;
  private @Nullable FinishReason finish;
  private volatile boolean cancelled;
  private boolean iterated;

  private Generation(EngineLoop loop, GeneratingSequence sequence) {
    this.loop = loop;
    this.sequence = sequence;
    promptTokens = sequence.tokens().promptLength();
  }

  /// Starts a sequence and returns its reader.
  static Generation start(EngineLoop loop, GeneratingSequence sequence) {
    Generation generation = new Generation(loop, sequence);
    loop.submit(sequence);
    return generation;
  }

  /// Returns a reader of nothing, since no token is wanted.
  static Generation ofNothing(EngineLoop loop, GeneratingSequence sequence) {
    loop.requireOpen();
    Generation generation = new Generation(loop, sequence);
    generation.finish = FinishReason.LENGTH;
    return generation;
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

  /// Waits for the next token; null at the end.
  private @Nullable GeneratedToken advance() {
    try {
      if (!cancelled) {
        loop.requireOpen();
        Event event = sequence.events().take();
        if (!cancelled) {
          return accept(event);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      cancel();
    } catch (RuntimeException | Error e) {
      finish = FinishReason.FAILED;
      throw e;
    }
    finish = FinishReason.CANCELLED;
    return null;
  }

  private GeneratedToken accept(Event event) {
    return switch (event) {
      case Event.Token token -> {
        promptNanos = read.length() == 0 ? token.nanos() : promptNanos;
        totalNanos = token.nanos();
        read.add(token.token().id());
        text.append(token.token().text());
        stop = token.stop();
        finish = token.finish();
        yield token.token();
      }
      case Event.End(RuntimeException error) -> throw error;
      case Event.End(Error error) -> throw error;
      case Event.End end -> throw new IllegalStateException("ended without a reason", end.error());
    };
  }

  /// Runs to the end, if nobody has begun to iterate, and returns the text so far.
  public String text() {
    if (!iterated) {
      forEach(token -> {});
    }
    return textSoFar();
  }

  /// Returns the text that has been read so far, and waits for nothing.
  String textSoFar() {
    return text.toString();
  }

  /// Returns the ids read so far, the token that ended the answer included.
  public int[] ids() {
    return read.slice(0, read.length());
  }

  /// Returns why it ended; nothing before the end has been read.
  public Optional<FinishReason> finish() {
    return Optional.ofNullable(finish);
  }

  /// Returns the stop string that ended it.
  public Optional<String> stop() {
    return stop;
  }

  /// Returns the seed, also when it was chosen freshly.
  public long seed() {
    return sequence.seed();
  }

  /// Returns the number of tokens of the prompt.
  public int promptTokens() {
    return promptTokens;
  }

  /// Returns how many of them did not have to be computed, since their keys and values were there;
  /// known from the first token on, 0 before.
  public int reusedTokens() {
    return sequence.reused();
  }

  /// Returns what it took so far, in tokens.
  public Usage usage() {
    return new Usage(promptTokens(), reusedTokens(), read.length());
  }

  /// Returns what it took so far, in time.
  public Timings timings() {
    return new Timings(Duration.ofNanos(promptNanos), Duration.ofNanos(totalNanos - promptNanos));
  }

  /// Ends it: nothing more is read, and the model stops before its next forward pass. Thread-safe.
  public void cancel() {
    if (!cancelled) {
      cancelled = true;
      sequence.cancel();
      sequence.endReading();
      loop.wake();
    }
  }

  /// Ends it; the model gives its memory back before its next forward pass. Harmless if repeated.
  @Override
  public void close() {
    cancel();
  }

  @Override
  public String toString() {
    return "Generation[prompt %d, generated %s, %s]"
        .formatted(promptTokens(), Arrays.toString(ids()), finish);
  }
}
