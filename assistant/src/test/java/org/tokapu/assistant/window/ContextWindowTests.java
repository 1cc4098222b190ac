package org.tokapu.assistant.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tokapu.base.OutOfCapacityException;
import org.tokapu.text.chat.Message;

/// What always holds, on random conversations; the counter gives each message three tokens more
/// than it has characters, and the prompt two.
class ContextWindowTests {
  private static final int ROUNDS = 2000;

  private static int count(List<Map<String, @Nullable Object>> messages) {
    return 2 + messages.stream().mapToInt(m -> 3 + String.valueOf(m.get("content")).length()).sum();
  }

  private static FittedWindow fit(
      int context, WindowPolicy policy, List<WindowMessage> messages, Optional<Summary> known) {
    Summarizer half = (before, leaving, tokens) -> "s".repeat(Math.max(1, tokens / 2));
    return new ContextWindow(context, policy, ContextWindowTests::count, half).fit(messages, known);
  }

  private static List<WindowMessage> conversation(Random random) {
    List<WindowMessage> out = new ArrayList<>();
    if (random.nextBoolean()) {
      out.add(message(out, Message.system("x".repeat(random.nextInt(20))), false));
    }
    int turns = 1 + random.nextInt(8);
    for (int i = 0; i < turns; i++) {
      out.add(message(out, Message.user("x".repeat(random.nextInt(30))), random.nextInt(8) == 0));
      for (int k = i == turns - 1 ? 0 : random.nextInt(3); k > 0; k--) {
        String text = "x".repeat(random.nextInt(30));
        out.add(message(out, Message.assistant(text), random.nextInt(10) == 0));
      }
    }
    return out;
  }

  private static WindowMessage message(List<WindowMessage> before, Message body, boolean pinned) {
    return new WindowMessage(before.size() + 1, body.toMap(), pinned);
  }

  private static boolean stays(List<WindowMessage> all, WindowMessage m) {
    return m.isSystem() || m.pinned() || m == all.getLast();
  }

  private static int least(List<WindowMessage> all) {
    return count(all.stream().filter(m -> stays(all, m)).map(WindowMessage::body).toList());
  }

  @ParameterizedTest
  @EnumSource(Strategy.class)
  void whatMustStayStaysAndAllFits(Strategy strategy) {
    for (int seed = 0; seed < ROUNDS; seed++) {
      Random random = new Random(seed);
      List<WindowMessage> all = conversation(random);
      int context = 20 + random.nextInt(250);
      WindowPolicy policy = new WindowPolicy(strategy, 1 + random.nextInt(10), 20);
      int room = context - policy.reserve();
      int whole = count(all.stream().map(WindowMessage::body).toList());
      boolean refused = strategy == Strategy.ERROR ? whole > room : least(all) > room;
      if (refused) {
        assertThatThrownBy(() -> fit(context, policy, all, Optional.empty()))
            .isInstanceOf(OutOfCapacityException.class)
            .hasMessageContaining(String.valueOf(context));
        continue;
      }
      FittedWindow fitted = fit(context, policy, all, Optional.empty());
      WindowReport report = fitted.report();
      assertThat(report.promptTokens()).isLessThanOrEqualTo(room);
      assertThat(report.promptTokens()).isEqualTo(count(fitted.messages()));
      assertThat(report.kept().tokens() + report.summaryTokens()).isEqualTo(report.promptTokens());
      assertThat(report.kept().tokens() + report.condensed().tokens() + report.dropped().tokens())
          .isEqualTo(whole);
      assertThat(
              report.kept().messages()
                  + report.condensed().messages()
                  + report.dropped().messages())
          .isEqualTo(all.size());
      for (WindowMessage m : all) {
        if (stays(all, m)) {
          String said = String.valueOf(m.body().get("content"));
          assertThat(fitted.messages())
              .anyMatch(shown ->
                  shown == m.body()
                      || (report.summaryTokens() > 0
                          && shown.get("role").equals(m.body().get("role"))
                          && String.valueOf(shown.get("content")).contains(said)));
        }
      }
      if (whole <= room) {
        assertThat(fitted.messages()).isEqualTo(all.stream().map(WindowMessage::body).toList());
      }
    }
  }

  @Test
  void theOldestWholeTurnsLeaveFirstAndNoMoreThanMust() {
    for (int seed = 0; seed < ROUNDS; seed++) {
      Random random = new Random(seed);
      List<WindowMessage> all =
          conversation(random).stream()
              .map(m -> new WindowMessage(m.number(), m.body(), false))
              .toList();
      int context = 20 + random.nextInt(250);
      WindowPolicy policy = new WindowPolicy(Strategy.TRUNCATE, 5, 20);
      if (count(List.of(all.getLast().body())) + 30 > context - 5) {
        continue;
      }
      List<Map<String, @Nullable Object>> shown =
          fit(context, policy, all, Optional.empty()).messages();
      int from = all.size() - shown.size();
      int system = all.getFirst().isSystem() ? 1 : 0;
      // What is shown is the system message and a tail that begins with a user.
      List<Map<String, @Nullable Object>> tail =
          all.subList(from + system, all.size()).stream().map(WindowMessage::body).toList();
      assertThat(shown.subList(system, shown.size())).isEqualTo(tail);
      assertThat(all.get(from + system).isUser()).isTrue();
      if (from > 0) {
        int turn = from + system - 1;
        while (!all.get(turn).isUser()) {
          turn--;
        }
        int more =
            all.subList(turn, from + system).stream()
                .mapToInt(m -> 3 + String.valueOf(m.body().get("content")).length())
                .sum();
        assertThat(count(shown) + more).isGreaterThan(context - 5);
      }
    }
  }

  @Test
  void aSummaryIsMadeOnceAndUsedAgain() {
    List<WindowMessage> all = new ArrayList<>();
    all.add(message(all, Message.system("rules"), false));
    for (int i = 0; i < 10; i++) {
      all.add(message(all, Message.user("question " + i), false));
      all.add(message(all, Message.assistant("answer " + i), false));
    }
    all.add(message(all, Message.user("last"), false));
    WindowPolicy policy = new WindowPolicy(Strategy.SUMMARIZE, 10, 20);
    FittedWindow first = fit(200, policy, all, Optional.empty());
    Summary summary = first.fresh().orElseThrow();
    assertThat(String.valueOf(first.messages().getFirst().get("content")))
        .startsWith("rules\n\nSummary of the conversation so far:\n")
        .endsWith(summary.text());
    assertThat(first.report().condensed().messages()).isEqualTo(summary.covers().size());
    all.add(message(all, Message.assistant("answer"), false));
    all.add(message(all, Message.user("new"), false));
    FittedWindow second = fit(200, policy, all, Optional.of(summary));
    assertThat(second.fresh()).isEmpty();
    // The same beginning: what was computed for it is of use.
    assertThat(second.messages().subList(0, first.messages().size())).isEqualTo(first.messages());
    for (int i = 0; i < 8; i++) {
      all.add(message(all, Message.user("more " + i), false));
    }
    FittedWindow third = fit(200, policy, all, Optional.of(summary));
    assertThat(third.fresh().orElseThrow().covers()).containsAll(summary.covers());
  }
}
