package org.tokapu.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tokapu.engine.sampling.LogProbs;
import org.tokapu.engine.sampling.SamplerChain;
import org.tokapu.engine.sampling.SamplingContext;
import org.tokapu.engine.sampling.SamplingParams;
import org.tokapu.engine.sampling.StopStrings;
import org.tokapu.engine.sampling.TokenBuffer;
import org.tokapu.model.TokenBatch;
import org.tokapu.text.TokenDecoder;
import org.tokapu.text.Tokenizer;

/// A text that is being generated, token by token as it is iterated.
///
/// The model works when the next token is asked for, on the thread that asks. To be iterated once,
/// by one thread; [#cancel] may be called from any. Close it to give its memory back.
public final class Generation implements Iterable<GeneratedToken>, AutoCloseable {
  /// Rows of a prompt that are run at once: enough to keep the cores busy, little enough that
  /// cancelling does not wait.
  private static final int CHUNK = 256;

  private final LanguageModel model;
  private final SamplingParams params;
  private final SamplingContext context;
  private final PromptCache cache;
  private final boolean ownsCache;
  private final SamplerChain chain;
  private final StopStrings stops;
  private final @Nullable TokenDecoder decoder;
  private final int promptTokens;
  private final int reusedTokens;
  private final int limit;
  private final List<Integer> generated = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();
  private @Nullable FinishReason finish;
  private volatile boolean cancelled;
  private boolean iterated;

  Generation(
      LanguageModel model, int[] prompt, SamplingParams params, @Nullable PromptCache given) {
    this.model = model;
    this.params = params;
    this.context = model.samplingContext();
    this.chain = SamplerChain.of(params, context);
    this.stops = new StopStrings(params.limits().stop());
    this.decoder = model.tokenizer().map(Tokenizer::decoder).orElse(null);
    this.promptTokens = prompt.length;
    int room = model.context() - prompt.length;
    int wanted = params.limits().maxTokens();
    this.limit = wanted < 0 ? room : Math.min(wanted, room);
    this.ownsCache = given == null;
    this.cache = given == null ? model.newCache() : given;
    this.reusedTokens = cache.rewindTo(prompt);
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

  private final class Tokens implements Iterator<GeneratedToken> {
    private @Nullable GeneratedToken ready;

    @Override
    public boolean hasNext() {
      if (ready == null && finish == null) {
        advance();
      }
      return ready != null;
    }

    private void advance() {
      if (generated.size() >= limit) {
        finish = FinishReason.LENGTH;
        return;
      }
      float[] logits = logits();
      if (logits.length == 0) {
        finish = FinishReason.CANCELLED;
        return;
      }
      ready = step(logits);
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

  private GeneratedToken step(float[] logits) {
    int id = chain.sample(logits, cache.ids());
    cache.ids().add(id);
    generated.add(id);
    String piece = decoder == null ? "" : stops.next(decoder.next(id));
    boolean ended = !params.limits().ignoreEos() && context.endOfGeneration().contains(id);
    if (ended || stops.stop().isPresent()) {
      finish = FinishReason.STOP;
    } else if (generated.size() >= limit) {
      finish = FinishReason.LENGTH;
    }
    if (finish != null && decoder != null) {
      piece += stops.next(decoder.finish()) + stops.finish();
    }
    text.append(piece);
    Optional<LogProbs> logProbs =
        params.logProbs() < 0
            ? Optional.empty()
            : Optional.of(LogProbs.of(logits, id, params.logProbs()));
    return new GeneratedToken(id, piece, logProbs);
  }

  /// Runs what is not yet cached and returns the logits of the last token; empty if cancelled.
  private float[] logits() {
    TokenBuffer ids = cache.ids();
    float[] out = new float[0];
    while (cache.sequence().length() < ids.length()) {
      if (cancelled) {
        return new float[0];
      }
      int from = cache.sequence().length();
      int to = Math.min(ids.length(), from + CHUNK);
      TokenBatch batch =
          TokenBatch.builder()
              .add(ids.slice(from, to), cache.sequence(), to == ids.length() ? 1 : 0)
              .build();
      out = model.run(batch, logits -> to == ids.length() ? logits.row(0) : new float[0]);
    }
    return out;
  }

  /// Runs to the end and returns the whole text.
  public String text() {
    if (!iterated) {
      forEach(token -> {});
    }
    return text.toString();
  }

  /// Returns the ids generated so far, the token that ended the answer included.
  public int[] ids() {
    return generated.stream().mapToInt(Integer::intValue).toArray();
  }

  /// Returns why it ended; nothing while it runs.
  public Optional<FinishReason> finish() {
    return Optional.ofNullable(finish);
  }

  /// Returns the seed, also when it was chosen freshly.
  public long seed() {
    return chain.seed();
  }

  /// Returns the number of tokens of the prompt.
  public int promptTokens() {
    return promptTokens;
  }

  /// Returns how many of them did not have to be read again.
  public int reusedTokens() {
    return reusedTokens;
  }

  /// Ends it before the next token. Thread-safe.
  public void cancel() {
    cancelled = true;
  }

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
        .formatted(promptTokens, Arrays.toString(ids()), finish);
  }
}
