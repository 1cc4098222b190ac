package org.tokapu.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.TokapuException;
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
import org.tokapu.engine.ModelOptions;
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
    SamplingParams params = sampling.params(tokens);
    ModelOptions opening = options.model();
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
    try (LanguageModel open = LanguageModel.open(path, opening)) {
      if (open.tokenizer().isEmpty()) {
        throw new TokapuException(console.messages().text("chat.noTokenizer", path));
      }
      return talk(open, new Talk(chosen, format, params));
    }
  }

  private record Talk(ChatTemplate template, ChatFormat format, SamplingParams params) {}

  /// A script must learn that a turn failed; a user has seen it.
  private int talk(LanguageModel open, Talk talk) throws IOException {
    try (ChatSession session = new ChatSession(open, talk.template, talk.format.specialTokens());
        LineSource lines = lines()) {
      Speaker speaker = new Speaker(session, talk.params);
      boolean fine = new ChatShell(console, lines, speaker, Optional.ofNullable(system)).run();
      return fine || lines instanceof TerminalLines ? 0 : 1;
    }
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
        List<Map<String, Object>> messages, Consumer<String> out, Consumer<Runnable> onStop) {
      List<Map<String, @Nullable Object>> turns = new ArrayList<>(messages);
      Generation generation = session.answer(ChatRequest.ofMaps(turns), params);
      onStop.accept(generation::cancel);
      for (GeneratedToken token : generation) {
        out.accept(token.text());
      }
      return new Answer(
          generation.text(),
          generation.ids().length,
          generation.timings().generation().toNanos() * 1e-9,
          generation.promptTokens() - generation.reusedTokens());
    }
  }
}
