package org.tokapu.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tokapu.base.TokapuException;
import org.tokapu.base.json.Json;
import org.tokapu.cli.console.Console;
import org.tokapu.cli.console.Messages;

class ChatShellTests {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final List<List<Map<String, Object>>> asked = new ArrayList<>();

  /// Says how many messages it was shown, and the last of them.
  private Answerer.Answer echo(List<Map<String, Object>> messages) {
    asked.add(messages);
    String text = messages.size() + ":" + messages.getLast().get("content");
    return new Answerer.Answer(text, 4, 2, 7);
  }

  private boolean chat(String input, Optional<String> system) {
    return chat(
        input,
        system,
        (messages, show, onStop) -> {
          Answerer.Answer answer = echo(messages);
          show.accept(answer.text());
          return answer;
        });
  }

  private boolean chat(String input, Optional<String> system, Answerer answerer) {
    InputStream in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
    Console console =
        new Console(
            in,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false,
            Messages.of(Locale.ENGLISH),
            Map.of());
    return new ChatShell(console, new PlainLines(in), answerer, system).run();
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void eachTurnSeesTheWholeConversation() {
    chat("안녕\n\n그래\n", Optional.of("짧게"));
    assertThat(out().lines()).containsExactly("2:안녕", "4:그래");
    assertThat(asked.getLast())
        .extracting(m -> m.get("role"))
        .containsExactly("system", "user", "assistant", "user");
    assertThat(err().lines()).hasSize(2).allMatch(l -> l.contains("1.5 tokens/s"));
  }

  @Test
  void messagesSpanLines() {
    chat("one\\\ntwo\n\"\"\"\nthree\n\nfour\n\"\"\"\n", Optional.empty());
    assertThat(asked).hasSize(2);
    assertThat(asked.get(0).getLast()).containsEntry("content", "one\ntwo");
    assertThat(asked.get(1).getLast()).containsEntry("content", "three\n\nfour");
  }

  @Test
  void resetAndSystemForget() {
    chat("a\n/reset\nb\n/system be brief\nc\n", Optional.empty());
    assertThat(out().lines()).containsExactly("1:a", "1:b", "2:c");
    assertThat(asked.getLast().getFirst()).containsEntry("content", "be brief");
  }

  @Test
  void saveWritesJson(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("chat.json");
    chat("a\n/save " + file + "\n/save\n", Optional.empty());
    assertThat(Json.parse(Files.readAllBytes(file), "saved"))
        .isEqualTo(
            List.of(
                Map.of("role", "user", "content", "a"),
                Map.of("role", "assistant", "content", "1:a")));
    assertThat(err()).contains("Saved to " + file).contains("give a file");
  }

  @Test
  void exitEndsAndUnknownCommandsAreNoMessages() {
    chat("/dance\n/exit\nnever\n", Optional.empty());
    assertThat(asked).isEmpty();
    assertThat(err()).contains("/dance").contains("/help");
  }

  @Test
  void aFailedTurnLeavesNoTrace() {
    boolean fine =
        chat(
            "boom\nfine\n",
            Optional.empty(),
            (messages, show, onStop) -> {
              if (messages.getLast().containsValue("boom")) {
                throw new TokapuException("the context is full");
              }
              return echo(messages);
            });
    assertThat(fine).isFalse();
    assertThat(err()).contains("the context is full");
    assertThat(asked).hasSize(1);
    assertThat(asked.getFirst()).hasSize(1);
  }

  @Test
  void aTurnThatWasStoppedBeforeItsAnswerIsForgotten() {
    chat(
        "first\nsecond\n",
        Optional.empty(),
        (messages, show, onStop) -> {
          Answerer.Answer answer = echo(messages);
          return messages.getLast().containsValue("first")
              ? new Answerer.Answer("", 0, 0, 7)
              : answer;
        });
    assertThat(asked.getLast()).hasSize(1);
    assertThat(asked.getLast().getFirst()).containsEntry("content", "second");
  }

  @Test
  void theSpeedIsThatOfTheTokensAfterTheFirst() {
    assertThat(chat("hi\n", Optional.empty())).isTrue();
    assertThat(err()).contains("answer 4 tokens, 1.5 tokens/s"); // 3 in 2 seconds
  }
}
