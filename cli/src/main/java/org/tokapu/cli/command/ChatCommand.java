package org.tokapu.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.tokapu.cli.chat.Answerer;
import org.tokapu.cli.chat.ChatShell;
import org.tokapu.cli.chat.LineSource;
import org.tokapu.cli.chat.PlainLines;
import org.tokapu.cli.chat.TerminalLines;
import org.tokapu.cli.console.Console;
import org.tokapu.engine.ChatFormat;
import org.tokapu.engine.ChatSession;
import org.tokapu.engine.GeneratedToken;
import org.tokapu.engine.Generation;
import org.tokapu.engine.LanguageModel;
import org.tokapu.engine.sampling.SamplingParams;
import org.tokapu.text.chat.ChatRequest;
import org.tokapu.text.chat.ChatTemplate;
import org.tokapu.text.chat.ChatTemplates;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tokapu chat`: a conversation in the terminal, or over a pipe, a line a turn.
@Command(name = "chat")
final class ChatCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(index = "0", paramLabel = "MODEL", descriptionKey = "model")
  String model;

  @Option(names = "--system", paramLabel = "TEXT")
  @Nullable String system;

  @Option(names = "--chat-template", paramLabel = "NAME|FILE")
  @Nullable String template;

  @Option(names = "-n", paramLabel = "N", defaultValue = "-1", descriptionKey = "answerTokens")
  int tokens;

  @Mixin SamplingOptions sampling;

  @Mixin RunOptions options;

  ChatCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    Path path = Models.find(console, model);
    ChatFormat format = ChatFormat.open(path);
    ChatTemplate chosen =
        template != null
            ? ChatFormat.named(template)
            : format
                .template()
                .orElseGet(() -> {
                  console.say("chat.plain");
                  return ChatTemplates.plain();
                });
    try (LanguageModel open = LanguageModel.open(path, options.model());
        ChatSession session = new ChatSession(open, chosen, format.specialTokens());
        LineSource lines = lines()) {
      Speaker speaker = new Speaker(session, sampling.params(tokens));
      new ChatShell(console, lines, speaker, Optional.ofNullable(system)).run();
    }
    return 0;
  }

  @SuppressWarnings("NullAway") // never null since JDK 22; the checker's model is older
  private LineSource lines() throws IOException {
    if (!console.terminal() || !System.console().isTerminal()) {
      return new PlainLines(console.in());
    }
    Path history = Models.store(console).root().resolveSibling("chat_history");
    Files.createDirectories(history.getParent());
    return TerminalLines.open(history);
  }

  /// Answers with the model, reading only what is new in the conversation.
  private record Speaker(ChatSession session, SamplingParams params) implements Answerer {
    @Override
    public Answer answer(
        List<Map<String, Object>> messages, Consumer<String> out, BooleanSupplier stopped) {
      List<Map<String, @Nullable Object>> turns = new ArrayList<>(messages);
      Generation generation = session.answer(ChatRequest.ofMaps(turns), params);
      for (GeneratedToken token : generation) {
        out.accept(token.text());
        if (stopped.getAsBoolean()) {
          generation.cancel();
        }
      }
      return new Answer(
          generation.text(),
          generation.ids().length,
          generation.timings().generation().toNanos() * 1e-9,
          generation.promptTokens() - generation.reusedTokens());
    }
  }
}
