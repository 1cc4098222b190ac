package org.tokapu.engine;

import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.TokapuException;
import org.tokapu.engine.sampling.LogProbs;
import org.tokapu.engine.sampling.SamplerChain;
import org.tokapu.engine.sampling.SamplingParams;
import org.tokapu.engine.sampling.StopStrings;
import org.tokapu.engine.sampling.TokenBuffer;
import org.tokapu.text.TokenDecoder;
import org.tokapu.text.Tokenizer;

/// One answer in the making: its events come one by one, computed when they are asked for.
///
/// It can be iterated once, by one thread; only [#cancel] may be called from others. It ends with a
/// [GenerationEvent.Finished] or a [GenerationEvent.Failed]; whoever leaves before must close it.
/// The tokens depend on model, prompt, parameters and seed alone: never on threads, chunks, reuse,
/// or what else the model does.
public final class Generation implements Iterable<GenerationEvent>, AutoCloseable {
  private static final float[] NO_LOGITS = {};
  private static final byte[] NO_BYTES = {};

  private final Model model;
  private final Conversation conversation;
  private final boolean once;
  private final int[] prompt;
  private final SamplingParams params;
  private final SamplerChain chain;
  private final TokenBuffer history;
  private final StopStrings stops;
  private final @Nullable Tokenizer tokenizer;
  private final @Nullable TokenDecoder decoder;
  private final float[] logits;
  private final int cached;
  private final int most;

  private long promptNanos;
  private long generationNanos;
  private @Nullable FinishReason reason;
  private boolean iterated;
  private boolean over;
  private volatile boolean cancelled;

  Generation(
      Model model,
      Conversation conversation,
      int[] prompt,
      SamplingParams params,
      SamplerChain chain,
      boolean once) {
    this.model = model;
    this.conversation = conversation;
    this.once = once;
    this.prompt = prompt;
    this.params = params;
    this.chain = chain;
    history = new TokenBuffer(prompt);
    stops = new StopStrings(params.limits().stop());
    tokenizer = model.tokenizer().orElse(null);
    decoder = tokenizer == null ? null : tokenizer.decoder();
    logits = new float[model.sampling().vocabularySize()];
    cached = conversation.cachedTokens();
    int room = model.context() - prompt.length;
    int asked = params.limits().maxTokens();
    most = asked < 0 ? room : Math.min(asked, room);
  }

  /// Returns the events; only once.
  @Override
  public Iterator<GenerationEvent> iterator() {
    if (iterated) {
      throw new IllegalStateException("a generation can be iterated only once");
    }
    iterated = true;
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return !over;
      }

      @Override
      public GenerationEvent next() {
        if (over) {
          throw new NoSuchElementException("the generation is over");
        }
        return step();
      }
    };
  }

  /// Returns the events as a sequential stream; closing it closes the generation.
  public Stream<GenerationEvent> events() {
    return StreamSupport.stream(spliterator(), false).onClose(this::close);
  }

  /// Returns the pieces of text as they become certain, none empty.
  ///
  /// The stream throws a [TokapuException] if the generation fails.
  public Stream<String> texts() {
    return events().map(Generation::textOrThrow).filter(text -> !text.isEmpty());
  }

  /// Runs to the end and returns everything.
  ///
  /// @throws TokapuException if the generation fails
  public Completion complete() {
    StringBuilder text = new StringBuilder();
    for (GenerationEvent event : this) {
      text.append(textOrThrow(event));
      if (event instanceof GenerationEvent.Finished finished) {
        int[] ids = history.slice(prompt.length, history.length());
        return new Completion(text.toString(), ids, finished);
      }
    }
    throw new IllegalStateException("a generation ended without an end");
  }

  private static String textOrThrow(GenerationEvent event) {
    if (event instanceof GenerationEvent.Failed(TokapuException cause)) {
      throw cause;
    }
    return event.text();
  }

  /// Returns the tokens of the prompt.
  public int[] prompt() {
    return prompt.clone();
  }

  /// Ends the generation before its next forward pass; from any thread.
  public void cancel() {
    cancelled = true;
  }

  /// Computes the next event.
  private GenerationEvent step() {
    long start = System.nanoTime();
    boolean first = history.generated() == 0;
    try {
      if (reason == null) {
        if (most == 0) {
          reason = FinishReason.LENGTH;
        } else if (feed()) {
          GenerationEvent token = token();
          count(first, start);
          return token;
        } else {
          reason = FinishReason.CANCELLED;
        }
      }
      count(first, start);
      return finish(reason);
    } catch (TokapuException e) {
      end();
      return new GenerationEvent.Failed(e);
    } catch (RuntimeException | Error e) {
      end();
      throw e;
    }
  }

  /// Computes what is not computed yet.
  ///
  /// @return false if it was cancelled on the way
  private boolean feed() {
    int length = history.length();
    for (int at = conversation.cachedTokens(); at < length; ) {
      if (cancelled) {
        return false;
      }
      int next = Math.min(length, at + model.chunk());
      conversation.forward(history.slice(at, next), next == length ? logits : NO_LOGITS);
      at = next;
    }
    return !cancelled;
  }

  /// Chooses a token, and says whether it is the last.
  private GenerationEvent.Token token() {
    int id = chain.sample(logits, history);
    Optional<LogProbs> logProbs =
        params.logProbs() < 0
            ? Optional.empty()
            : Optional.of(LogProbs.of(logits, id, params.logProbs()));
    history.add(id);
    byte[] bytes = NO_BYTES;
    String text = "";
    if (model.endOfGeneration().contains(id)) {
      reason = FinishReason.STOP;
    } else if (tokenizer != null && decoder != null && id < tokenizer.vocabularySize()) {
      bytes = tokenizer.bytes(id);
      text = stops.next(decoder.next(id));
    }
    if (stops.stop().isPresent()) {
      reason = FinishReason.STOP;
    } else if (reason == null && history.generated() >= most) {
      reason = FinishReason.LENGTH;
    }
    return new GenerationEvent.Token(id, text, bytes, logProbs);
  }

  private GenerationEvent finish(FinishReason why) {
    String rest = decoder == null ? "" : stops.next(decoder.finish());
    rest += stops.finish();
    end();
    return new GenerationEvent.Finished(
        rest,
        why,
        stops.stop(),
        new Usage(prompt.length, cached, history.generated()),
        new Timings(Duration.ofNanos(promptNanos), Duration.ofNanos(generationNanos)),
        chain.seed());
  }

  private void count(boolean first, long start) {
    long nanos = System.nanoTime() - start;
    if (first) {
      promptNanos += nanos;
    } else {
      generationNanos += nanos;
    }
  }

  private void end() {
    over = true;
    if (once) {
      conversation.close();
    }
  }

  /// Ends the generation if it is not over, and gives its memory back. Harmless if repeated.
  @Override
  public void close() {
    cancelled = true;
    if (!over) {
      end();
    }
  }

  @Override
  public String toString() {
    return "Generation" + Arrays.toString(history.slice(prompt.length, history.length()));
  }
}
