package org.tokapu.assistant.chat;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.tokapu.assistant.store.NewMessage;
import org.tokapu.assistant.store.StoredMessage;
import org.tokapu.assistant.window.WindowReport;
import org.tokapu.engine.FinishReason;
import org.tokapu.engine.GeneratedToken;
import org.tokapu.engine.Generation;
import org.tokapu.engine.Usage;

/// An answer of a session that is being generated, token by token as it is iterated.
///
/// When it ends, by itself, by [#cancel], by an error or by [#close], it is stored as far as it has
/// come, together with its line of the ledger; one that did not come to its end is marked partial.
/// The last token is handed out after that, so that who has seen the end finds it stored. To be
/// iterated once, by one thread; [#cancel] may be called from any.
public final class Turn implements Iterable<GeneratedToken>, AutoCloseable {
  private final Conversation.Running running;
  private final List<StoredMessage> said;
  private final WindowReport window;
  private final Function<NewMessage, Optional<StoredMessage>> store;
  private final StringBuilder text = new StringBuilder();
  private Optional<StoredMessage> answer = Optional.empty();
  private boolean finished;

  Turn(
      Conversation.Running running,
      List<StoredMessage> said,
      WindowReport window,
      Function<NewMessage, Optional<StoredMessage>> store) {
    this.running = running;
    this.said = List.copyOf(said);
    this.window = window;
    this.store = store;
  }

  /// Returns the messages that were stored before the answer began.
  public List<StoredMessage> said() {
    return said;
  }

  /// Returns what the model is shown of the conversation.
  public WindowReport window() {
    return window;
  }

  /// Returns the generation, for its seed, times and finish reason; not to be iterated.
  public Generation generation() {
    return running.generation();
  }

  /// Returns what it took so far, in tokens.
  public Usage usage() {
    return generation().usage();
  }

  @Override
  public Iterator<GeneratedToken> iterator() {
    Iterator<GeneratedToken> tokens = generation().iterator();
    return new Iterator<>() {
      private @Nullable GeneratedToken ready;

      @Override
      public boolean hasNext() {
        if (ready == null && !finished) {
          ready = advance(tokens);
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
    };
  }

  private @Nullable GeneratedToken advance(Iterator<GeneratedToken> tokens) {
    GeneratedToken token = null;
    try {
      if (tokens.hasNext()) {
        token = tokens.next();
        text.append(token.text());
      }
    } catch (RuntimeException | Error e) {
      finishAfter(e);
      throw e;
    }
    if (generation().finish().isPresent()) {
      finish();
    }
    return token;
  }

  private void finishAfter(Throwable cause) {
    try {
      finish();
    } catch (RuntimeException e) {
      cause.addSuppressed(e);
    }
  }

  /// Runs to the end, if nobody has begun to iterate, and returns the text.
  public String text() {
    if (generation().finish().isEmpty() && text.isEmpty()) {
      forEach(token -> {});
    }
    return text.toString();
  }

  /// Ends it before the next forward pass. Thread-safe.
  public void cancel() {
    generation().cancel();
  }

  /// Ends and stores it, if it has not ended, and returns it; nothing if the session was deleted
  /// meanwhile.
  public Optional<StoredMessage> finish() {
    if (!finished) {
      answer = store.apply(message());
      finished = true;
    }
    return answer;
  }

  private NewMessage message() {
    Optional<FinishReason> finish = generation().finish();
    boolean whole =
        finish.isPresent()
            && (finish.get() == FinishReason.STOP || finish.get() == FinishReason.LENGTH);
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("role", "assistant");
    body.put("content", text.toString());
    Usage usage = usage();
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("finish", finish.orElse(FinishReason.CANCELLED).name());
    details.put("prompt_tokens", usage.promptTokens());
    details.put("cached_tokens", usage.cachedTokens());
    details.put("completion_tokens", usage.completionTokens());
    details.put("seconds", seconds());
    details.put("window", window.toMap());
    return new NewMessage(body, usage.completionTokens(), !whole, details);
  }

  private double seconds() {
    return generation().timings().prompt().plus(generation().timings().generation()).toNanos()
        * 1e-9;
  }

  /// Ends and stores it, and gives its memory back. Harmless if repeated.
  @Override
  public void close() {
    try {
      finish();
    } finally {
      running.close();
    }
  }
}
