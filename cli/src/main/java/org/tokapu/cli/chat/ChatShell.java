package org.tokapu.cli.chat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.tokapu.base.AtomicFile;
import org.tokapu.base.TokapuException;
import org.tokapu.base.json.Json;
import org.tokapu.cli.console.Console;

/// A chat: takes what the user says, has it answered, until the input ends.
///
/// Answers go to standard output, all else to standard error. Confined to one thread.
public final class ChatShell {
  private final Console console;
  private final LineSource lines;
  private final Answerer answerer;
  private final List<Map<String, Object>> messages = new ArrayList<>();
  private Optional<String> system;
  private boolean failed;

  /// @param system what the model is told before everything else, if anything
  public ChatShell(Console console, LineSource lines, Answerer answerer, Optional<String> system) {
    this.console = console;
    this.lines = lines;
    this.answerer = answerer;
    this.system = system;
    reset();
  }

  /// Talks until the input ends or the user leaves; false if a turn failed.
  public boolean run() {
    while (true) {
      Optional<LineSource.Said> said = lines.next();
      if (said.isEmpty()) {
        return !failed;
      }
      switch (said.get()) {
        case LineSource.Said.Nothing() -> console.say("chat.leave");
        case LineSource.Said.Text(String text) -> {
          if (text.strip().equals("/exit")) {
            return !failed;
          }
          take(text);
        }
      }
    }
  }

  /// A failure concerns this turn alone: the chat goes on.
  private void take(String text) {
    try {
      if (text.startsWith("/")) {
        command(text.strip());
      } else if (!text.isBlank()) {
        answer(text);
      }
    } catch (TokapuException e) {
      failed = true;
      console.say("error", String.valueOf(e.getMessage()));
    }
  }

  private void answer(String text) {
    messages.add(Map.of("role", "user", "content", text));
    Answerer.Answer answer;
    try {
      answer = answerer.answer(List.copyOf(messages), this::show, lines::onStop);
    } catch (RuntimeException e) {
      messages.removeLast();
      throw e;
    }
    console.out().println();
    if (answer.tokens() == 0) {
      messages.removeLast(); // nothing was answered: the user may ask again
    } else {
      messages.add(Map.of("role", "assistant", "content", answer.text()));
    }
    boolean timed = answer.tokens() > 1 && answer.seconds() > 0;
    double speed = timed ? (answer.tokens() - 1) / answer.seconds() : 0;
    console.say(
        "chat.speed",
        answer.promptTokens(),
        answer.tokens(),
        String.format(Locale.ROOT, "%.1f", speed));
  }

  private void show(String piece) {
    console.out().print(piece);
    console.out().flush();
  }

  private void command(String line) {
    int blank = line.indexOf(' ');
    String name = blank < 0 ? line : line.substring(0, blank);
    String argument = blank < 0 ? "" : line.substring(blank + 1).strip();
    switch (name) {
      case "/help" -> console.say("chat.help");
      case "/reset" -> {
        reset();
        console.say("chat.reset");
      }
      case "/system" -> {
        system = argument.isEmpty() ? Optional.empty() : Optional.of(argument);
        reset();
        console.say("chat.reset");
      }
      case "/save" -> save(argument);
      default -> console.say("chat.unknown", name);
    }
  }

  private void reset() {
    messages.clear();
    system.ifPresent(text -> messages.add(Map.of("role", "system", "content", text)));
  }

  private void save(String file) {
    if (file.isEmpty()) {
      throw new TokapuException(console.messages().text("chat.saveWhere"));
    }
    byte[] json = (Json.writePretty(messages) + "\n").getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(
        Path.of(file),
        channel -> {
          ByteBuffer bytes = ByteBuffer.wrap(json);
          while (bytes.hasRemaining()) {
            channel.write(bytes);
          }
        });
    console.say("chat.saved", file);
  }
}
