package org.tokapu.server.api;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.tokapu.base.OutOfCapacityException;
import org.tokapu.base.TokapuException;
import org.tokapu.engine.Generation;
import org.tokapu.engine.GenerationRequest;
import org.tokapu.engine.LanguageModel;
import org.tokapu.engine.sampling.SamplingParams;
import org.tokapu.server.http.ApiError;
import org.tokapu.server.http.ClientGoneException;
import org.tokapu.text.Tokenizer;
import org.tokapu.text.chat.ChatRequest;
import org.tokapu.text.chat.ChatTemplate;

/// A model under the name that clients know it by, and its queue. Thread-safe; owns the model.
public final class ServedModel implements AutoCloseable {
  private static final int PLACE_WAIT_MILLIS = 50;

  private final String id;
  private final Instant created;
  private final LanguageModel model;
  private final ChatTemplate template;
  private final Map<String, String> specialTokens;
  private final Tokenizer tokenizer;
  private final Semaphore places;
  private final int queue;
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicInteger running = new AtomicInteger();

  /// @param id what clients call it
  /// @param created when it was made
  /// @param parallel how many answers it may work on at once: as many sequences as it was opened
  ///   with
  /// @param queue how many more may wait
  /// @throws TokapuException if it has no tokenizer
  public ServedModel(
      String id,
      Instant created,
      LanguageModel model,
      ChatTemplate template,
      Map<String, String> specialTokens,
      int parallel,
      int queue) {
    this.id = id;
    this.created = created;
    this.model = model;
    this.template = template;
    this.specialTokens = Map.copyOf(specialTokens);
    this.queue = queue;
    places = new Semaphore(parallel, true);
    tokenizer =
        model
            .tokenizer()
            .orElseThrow(() ->
                new TokapuException(
                    id + " has no tokenizer, which a server needs; name a file that has one"));
  }

  /// Returns what clients call it.
  public String id() {
    return id;
  }

  /// Returns when it was made.
  public Instant created() {
    return created;
  }

  /// Returns the tokenizer.
  public Tokenizer tokenizer() {
    return tokenizer;
  }

  /// Returns the longest sequence in tokens.
  public int context() {
    return model.context();
  }

  /// Returns how many answers are being worked on.
  public int running() {
    return running.get();
  }

  /// Returns how many wait for a place.
  public int waiting() {
    return waiting.get();
  }

  /// Returns a conversation as ids.
  ///
  /// @throws ApiError 400 if the template refuses it, or it does not fit
  int[] encode(ChatRequest request) {
    try {
      return model.encode(template, request.withSpecialTokens(specialTokens));
    } catch (TokapuException e) {
      throw ApiError.invalid("messages", "invalid_value", String.valueOf(e.getMessage()));
    }
  }

  /// Returns a text as a prompt.
  int[] encode(String text) {
    return model.encode(text);
  }

  /// Checks that a prompt leaves room for an answer.
  ///
  /// @param param the field that it comes from
  /// @throws ApiError 400 `context_length_exceeded`
  void requireFit(int[] prompt, String param) {
    requireLength(prompt, model.context() - 1, ", and an answer needs at least one", param);
    if (prompt.length == 0) {
      throw ApiError.invalid(param, "invalid_value", "The prompt has no tokens.");
    }
  }

  /// Checks that tokens fit the context.
  ///
  /// @param param the field that they come from
  /// @throws ApiError 400 `context_length_exceeded`
  void requireWithinContext(int[] ids, String param) {
    requireLength(ids, model.context(), "", param);
  }

  private void requireLength(int[] ids, int most, String why, String param) {
    if (ids.length > most) {
      throw ApiError.invalid(
          param,
          "context_length_exceeded",
          "This model's maximum context length is %d tokens%s. However, your %s resulted in %d tokens. Please reduce the length of the %s."
              .formatted(model.context(), why, param, ids.length, param));
    }
  }

  /// Returns parameters under which an answer ends where the template says.
  SamplingParams withTemplateStops(SamplingParams params) {
    List<String> stops = new ArrayList<>(params.limits().stop());
    stops.addAll(template.stops());
    return params.withStop(stops.toArray(String[]::new));
  }

  /// Takes places in the queue, one for each [Ticket] that is to be made.
  ///
  /// @throws OutOfCapacityException if too many wait already
  void queue(int answers) {
    int before = waiting.getAndAdd(answers);
    if (before > 0 && before + answers > queue) {
      waiting.addAndGet(-answers);
      throw new OutOfCapacityException(
          "%d requests wait for %s already; try again a little later".formatted(before, id));
    }
  }

  /// Does something that takes the model as one answer does: waits for its turn first.
  ///
  /// @param gone whether the client has gone
  /// @throws OutOfCapacityException if too many wait already
  /// @throws ClientGoneException if the client goes away before its turn
  <T> T inTurn(BooleanSupplier gone, Supplier<T> work) {
    queue(1);
    try (Ticket ticket = new Ticket()) {
      if (!ticket.await(gone)) {
        throw new ClientGoneException("while waiting");
      }
      return work.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClientGoneException("interrupted");
    }
  }

  /// A place in the queue, then one at the model.
  final class Ticket implements AutoCloseable {
    private boolean atModel;

    /// Waits until the model has a place.
    ///
    /// @return false if it was cancelled before
    boolean await(BooleanSupplier cancelled) throws InterruptedException {
      while (!cancelled.getAsBoolean()) {
        if (places.tryAcquire(PLACE_WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
          waiting.decrementAndGet();
          running.incrementAndGet();
          atModel = true;
          return true;
        }
      }
      return false;
    }

    @Override
    public void close() {
      if (atModel) {
        running.decrementAndGet();
        places.release();
      } else {
        waiting.decrementAndGet();
      }
    }
  }

  /// Starts to answer a conversation, or to continue a text.
  ///
  /// @param scope whose it is; what others have asked is never shared with it
  Generation start(Prompt prompt, SamplingParams params, String scope) {
    return model.generate(
        GenerationRequest.of(prompt.ids(), params)
            .withContinues(!prompt.answers())
            .withScope(scope));
  }

  /// Returns the model, for what goes beyond answers.
  LanguageModel model() {
    return model;
  }

  @Override
  public void close() {
    model.close();
  }
}
