package org.tokapu.assistant.chat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tokapu.assistant.Owner;
import org.tokapu.assistant.Prices;
import org.tokapu.assistant.store.Database;
import org.tokapu.assistant.store.LedgerEntry;
import org.tokapu.assistant.store.NewMessage;
import org.tokapu.assistant.store.SessionStore;
import org.tokapu.assistant.store.StoredMessage;
import org.tokapu.assistant.store.SummaryStore;
import org.tokapu.assistant.window.ContextWindow;
import org.tokapu.assistant.window.FittedWindow;
import org.tokapu.assistant.window.Summary;
import org.tokapu.assistant.window.WindowMessage;
import org.tokapu.assistant.window.WindowPolicy;
import org.tokapu.base.TokapuException;
import org.tokapu.engine.LanguageModel;
import org.tokapu.engine.Timings;
import org.tokapu.engine.Usage;
import org.tokapu.engine.sampling.SamplingParams;
import org.tokapu.text.chat.ChatTemplate;
import org.tokapu.text.chat.Message;

/// A model that remembers its conversations.
///
/// ```java
/// Assistant assistant = new Assistant("llama", model, template, special, database, Prices.FREE);
/// assistant.sessions().create(Owner.LOCAL, SessionStore.Start.DEFAULT.withId("mine"));
/// WindowPolicy policy = WindowPolicy.of(Strategy.TRUNCATE, model.context());
/// List<Message> said = List.of(Message.user("Hello"));
/// try (Turn turn = assistant.say(Owner.LOCAL, "mine", said, params, policy)) {
///   turn.forEach(token -> System.out.print(token.text()));
/// }
/// ```
///
/// What the model is shown is the stored conversation, written out by the chat template, exactly as
/// if a client had sent all of it. Thread-safe; owns nothing.
public final class Assistant {
  private final String name;
  private final Conversation conversation;
  private final SessionStore sessions;
  private final SummaryStore summaries;
  private final Prices prices;
  private final Clock clock;

  /// @param name what the model is called in the ledger
  /// @param specialTokens the model's special tokens by their names in templates
  public Assistant(
      String name,
      LanguageModel model,
      ChatTemplate template,
      Map<String, String> specialTokens,
      Database database,
      Prices prices) {
    this.name = name;
    this.conversation = new Conversation(model, template, specialTokens);
    this.clock = Clock.systemUTC();
    this.sessions = new SessionStore(database, clock);
    this.summaries = new SummaryStore(database, clock);
    this.prices = prices;
  }

  /// Returns the sessions.
  public SessionStore sessions() {
    return sessions;
  }

  /// Says something at the end of the open branch and starts the answer.
  ///
  /// @throws org.tokapu.base.OutOfCapacityException if it does not fit; then nothing is stored
  /// @throws TokapuException if there is no such session, or the template refuses
  public Turn say(
      Owner owner, String session, List<Message> said, SamplingParams params, WindowPolicy policy) {
    return turn(owner, session, said.stream().map(Message::toMap).toList(), params, policy);
  }

  /// As [#say], with messages in the form of OpenAI's API.
  public Turn turn(
      Owner owner,
      String session,
      List<Map<String, @Nullable Object>> said,
      SamplingParams params,
      WindowPolicy policy) {
    if (said.isEmpty()) {
      throw new TokapuException("nothing is said; give at least one message");
    }
    long before = sessions.find(owner, session).map(found -> found.head()).orElse(0L);
    List<StoredMessage> stored = sessions.append(owner, session, counted(said));
    return answered(new Ask(owner, session, params, policy), before, stored);
  }

  /// Says something else in place of a message, in a new branch, and starts the answer. The old
  /// branch stays.
  public Turn edit(
      Owner owner,
      String session,
      long message,
      List<Map<String, @Nullable Object>> said,
      SamplingParams params,
      WindowPolicy policy) {
    long parent = message(owner, session, message).parent();
    long before = sessions.find(owner, session).map(found -> found.head()).orElse(0L);
    List<StoredMessage> stored = sessions.branchOff(owner, session, parent, counted(said));
    return answered(new Ask(owner, session, params, policy), before, stored);
  }

  /// Starts another answer beside one, in a new branch. The old one stays.
  ///
  /// @param answer the number of an answer, or of the message that is to be answered
  public Turn regenerate(
      Owner owner, String session, long answer, SamplingParams params, WindowPolicy policy) {
    StoredMessage old = message(owner, session, answer);
    long question = old.role().equals("assistant") ? old.parent() : old.number();
    if (question == 0) {
      throw new TokapuException("the answer begins the conversation; there is nothing to answer");
    }
    Turn turn = start(new Ask(owner, session, params, policy), question, List.of());
    sessions.activate(owner, session, question);
    return turn;
  }

  /// Who wants an answer where, and how.
  private record Ask(Owner owner, String session, SamplingParams params, WindowPolicy policy) {}

  private StoredMessage message(Owner owner, String session, long number) {
    return sessions.tree(owner, session).stream()
        .filter(message -> message.number() == number)
        .findFirst()
        .orElseThrow(() ->
            new TokapuException(
                "there is no message %d in the session '%s'".formatted(number, session)));
  }

  private List<NewMessage> counted(List<Map<String, @Nullable Object>> said) {
    List<NewMessage> out = new ArrayList<>();
    for (Map<String, @Nullable Object> body : said) {
      int tokens = body.get("content") instanceof String text ? conversation.tokens(text) : 0;
      out.add(NewMessage.of(body, tokens));
    }
    return out;
  }

  /// Starts the answer to what was just stored; takes that back if there can be none, since its
  /// author gets an error.
  private Turn answered(Ask ask, long before, List<StoredMessage> stored) {
    try {
      return start(ask, stored.getLast().number(), stored);
    } catch (RuntimeException e) {
      try {
        sessions.retract(ask.owner, ask.session, stored.getFirst().number());
        if (before != stored.getFirst().parent()) {
          sessions.activate(ask.owner, ask.session, before);
        }
      } catch (RuntimeException later) {
        e.addSuppressed(later);
      }
      throw e;
    }
  }

  private Turn start(Ask ask, long head, List<StoredMessage> said) {
    Owner owner = ask.owner;
    String session = ask.session;
    List<WindowMessage> branch = new ArrayList<>();
    for (StoredMessage m : sessions.branch(owner, session, head)) {
      branch.add(new WindowMessage(m.number(), m.body(), m.pinned()));
    }
    Optional<Summary> known =
        summaries.find(owner, session, branch.stream().map(WindowMessage::number).toList());
    FittedWindow window =
        new ContextWindow(
                conversation.context(), ask.policy, conversation::tokens, conversation::summarize)
            .fit(branch, known);
    window.fresh().ifPresent(summary -> summaries.keep(owner, session, summary));
    Conversation.Running running = conversation.answer(window.messages(), ask.params);
    return new Turn(
        running,
        said,
        window.report(),
        answer -> sessions.answer(owner, session, head, answer, entry(running)));
  }

  private LedgerEntry entry(Conversation.Running running) {
    Usage usage = running.generation().usage();
    Timings timings = running.generation().timings();
    Duration elapsed = timings.prompt().plus(timings.generation());
    Duration cpu = elapsed.multipliedBy(conversation.threads());
    return new LedgerEntry(
        "",
        0,
        name,
        Instant.ofEpochMilli(clock.millis()),
        usage.promptTokens(),
        usage.cachedTokens(),
        usage.completionTokens(),
        elapsed,
        cpu,
        prices.currency(),
        prices.cost(name, usage.promptTokens(), usage.completionTokens()),
        prices.localCost(cpu));
  }
}
