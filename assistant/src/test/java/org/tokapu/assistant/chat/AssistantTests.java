package org.tokapu.assistant.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tokapu.assistant.Owner;
import org.tokapu.assistant.Price;
import org.tokapu.assistant.Prices;
import org.tokapu.assistant.store.Database;
import org.tokapu.assistant.store.Ledger;
import org.tokapu.assistant.store.SessionStore;
import org.tokapu.assistant.store.StoredMessage;
import org.tokapu.assistant.window.Strategy;
import org.tokapu.assistant.window.WindowPolicy;
import org.tokapu.base.OutOfCapacityException;
import org.tokapu.engine.ChatSession;
import org.tokapu.engine.GeneratedToken;
import org.tokapu.engine.Generation;
import org.tokapu.engine.LanguageModel;
import org.tokapu.engine.ModelOptions;
import org.tokapu.engine.sampling.SamplingParams;
import org.tokapu.testkit.TestData;
import org.tokapu.text.chat.ChatRequest;
import org.tokapu.text.chat.ChatTemplate;
import org.tokapu.text.chat.ChatTemplates;
import org.tokapu.text.chat.Message;

/// Conversations with a really trained model.
class AssistantTests {
  private static final Prices PRICES =
      new Prices(
          "KRW",
          Map.of("stories", new Price(new BigDecimal("1.5"), new BigDecimal("2"))),
          Price.FREE,
          BigDecimal.TEN);
  private static final SamplingParams GREEDY =
      SamplingParams.greedy().withMaxTokens(12).withIgnoreEos(true);

  @TempDir Path folder;
  private final ChatTemplate template = ChatTemplates.byName("vicuna");
  private LanguageModel model;
  private Database database;
  private Assistant assistant;
  private WindowPolicy policy;

  @BeforeEach
  void open() {
    Optional<Path> found = TestData.find("models/stories260K/stories260K-F32.gguf");
    assumeTrue(found.isPresent(), "SKIPPED: models/stories260K is not here");
    ModelOptions options = ModelOptions.defaults().withThreads(1).withSequences(3);
    model = LanguageModel.open(found.get(), options);
    policy = WindowPolicy.of(Strategy.TRUNCATE, model.context()).withReserve(16);
    restart();
    assistant.sessions().create(Owner.LOCAL, SessionStore.Start.DEFAULT.withId("s"));
  }

  private void restart() {
    if (database != null) {
      database.close();
    }
    database = Database.open(folder.resolve("a.db").toString());
    assistant = new Assistant("stories", model, template, Map.of(), database, PRICES);
  }

  @AfterEach
  void close() {
    if (database != null) {
      database.close();
      model.close();
    }
  }

  private Turn say(String text, WindowPolicy how) {
    return assistant.say(Owner.LOCAL, "s", List.of(Message.user(text)), GREEDY, how);
  }

  private List<String> texts() {
    return assistant.sessions().messages(Owner.LOCAL, "s").stream()
        .map(StoredMessage::text)
        .toList();
  }

  @Test
  void aSessionAnswersAsTheConversationWrittenOut() {
    Random random = new Random(7);
    List<Message> written = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      if (i % 3 == 2) {
        restart();
      }
      String said =
          List.of("안녕?", "Once upon a time", "Tim had a 🐱", "why?").get(random.nextInt(4));
      written.add(Message.user(said));
      int[] expected;
      String text;
      try (ChatSession whole = new ChatSession(model, template, Map.of());
          Generation g = whole.answer(ChatRequest.of(written), GREEDY)) {
        text = g.text();
        expected = g.ids();
        try (Turn turn = say(said, policy)) {
          assertThat(turn.text()).isEqualTo(text);
          assertThat(turn.generation().ids()).isEqualTo(expected);
          assertThat(turn.usage().promptTokens()).isEqualTo(g.promptTokens());
          assertThat(turn.window().promptTokens()).isEqualTo(g.promptTokens());
          assertThat(turn.finish().orElseThrow().text()).isEqualTo(text);
        }
      }
      written.add(Message.assistant(text));
    }
    assertThat(texts()).isEqualTo(written.stream().map(m -> m.parts().getFirst()).toList());
  }

  @Test
  void anAnswerThatWasStoppedIsKeptAndMarked() {
    try (Turn turn = say("Once", policy)) {
      Iterator<GeneratedToken> tokens = turn.iterator();
      tokens.next();
      tokens.next();
      turn.cancel();
      assertThat(tokens.hasNext()).isFalse();
    }
    try (Turn turn = say("Twice", policy)) {
      assertThat(turn.said()).hasSize(1); // never iterated: its client went away at once
    }
    List<StoredMessage> messages = assistant.sessions().messages(Owner.LOCAL, "s");
    assertThat(messages).hasSize(4);
    assertThat(messages.get(1).partial()).isTrue();
    assertThat(messages.get(1).text()).isNotEmpty();
    assertThat(messages.get(3).partial()).isTrue();
    assertThat(messages.get(3).text()).isEmpty();
  }

  @Test
  void theLedgerSumsUpTheAnswers() {
    long prompt = 0;
    long completion = 0;
    for (String text : List.of("one", "two", "three")) {
      try (Turn turn = say(text, policy)) {
        turn.text();
        prompt += turn.usage().promptTokens();
        completion += turn.usage().completionTokens();
      }
    }
    LocalDate first = LocalDate.EPOCH;
    List<Ledger.Sum> sums =
        new Ledger(database).sums(Optional.of(Owner.LOCAL), first, LocalDate.of(2999, 1, 1));
    assertThat(sums.stream().mapToLong(Ledger.Sum::answers).sum()).isEqualTo(3);
    assertThat(sums.stream().mapToLong(Ledger.Sum::promptTokens).sum()).isEqualTo(prompt);
    assertThat(sums.stream().mapToLong(Ledger.Sum::completionTokens).sum()).isEqualTo(completion);
    BigDecimal cost = sums.stream().map(Ledger.Sum::cost).reduce(BigDecimal.ZERO, BigDecimal::add);
    assertThat(cost.multiply(BigDecimal.valueOf(1000)))
        .isEqualByComparingTo(
            new BigDecimal("1.5")
                .multiply(BigDecimal.valueOf(prompt))
                .add(BigDecimal.valueOf(2 * completion)));
  }

  @Test
  void editsAndRegenerationsBranch() {
    say("one", policy).close();
    say("two", policy).close();
    try (Turn edited =
        assistant.edit(
            Owner.LOCAL, "s", 3, List.of(Message.user("zwei").toMap()), GREEDY, policy)) {
      edited.text();
    }
    assertThat(texts().get(2)).isEqualTo("zwei");
    try (Turn again = assistant.regenerate(Owner.LOCAL, "s", 6, GREEDY, policy)) {
      again.text();
    }
    List<StoredMessage> branch = assistant.sessions().messages(Owner.LOCAL, "s");
    assertThat(branch.getLast().number()).isEqualTo(7);
    assertThat(branch.getLast().parent()).isEqualTo(5);
    assertThat(assistant.sessions().tree(Owner.LOCAL, "s")).hasSize(7);
  }

  @Test
  void whatDoesNotFitIsRefusedAndLeavesNothing() {
    say("one", policy).close();
    assertThatThrownBy(() -> say("long ".repeat(2000), policy))
        .isInstanceOf(OutOfCapacityException.class);
    assertThat(texts()).hasSize(2).startsWith("one");
  }

  @Test
  void longConversationsAreTruncatedOrCondensed() {
    for (int i = 0; i < 12; i++) {
      try (Turn turn = say("Tell me about the cat number " + i + ". ".repeat(20), policy)) {
        turn.text();
      }
    }
    try (Turn turn = say("And now?", policy)) {
      assertThat(turn.window().dropped().messages()).isPositive();
      assertThat(turn.usage().promptTokens()).isEqualTo(turn.window().promptTokens());
    }
    WindowPolicy condense = new WindowPolicy(Strategy.SUMMARIZE, 16, 40);
    int condensed;
    try (Turn turn = say("And then?", condense)) {
      condensed = turn.window().condensed().messages();
      assertThat(condensed).isPositive();
      assertThat(turn.window().summaryTokens()).isPositive();
    }
    try (Turn turn = say("Next?", condense)) {
      assertThat(turn.window().condensed().messages()).isEqualTo(condensed);
    }
    WindowPolicy error = new WindowPolicy(Strategy.ERROR, 16, 40);
    assertThatThrownBy(() -> say("no", error)).isInstanceOf(OutOfCapacityException.class);
  }
}
