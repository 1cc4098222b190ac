package org.tokapu.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.tokapu.cli.console.Console;
import org.tokapu.engine.GeneratedToken;
import org.tokapu.engine.Generation;
import org.tokapu.engine.LanguageModel;
import org.tokapu.engine.sampling.SamplingParams;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `tokapu run`: continues a text; no template is applied.
@Command(name = "run")
final class RunCommand implements Callable<Integer> {
  private final Console console;

  @Spec CommandSpec spec;

  @Parameters(index = "0", paramLabel = "MODEL", descriptionKey = "model")
  String model;

  @Option(names = "-p", paramLabel = "TEXT")
  @Nullable String prompt;

  @Option(names = "-f", paramLabel = "FILE")
  @Nullable Path file;

  @Option(names = "--prompt-ids", paramLabel = "1,2,3")
  @Nullable TokenIds promptIds;

  @Option(names = "-n", paramLabel = "N", defaultValue = "256")
  int tokens;

  @Option(names = "--raw")
  boolean raw;

  @Option(names = "--ids")
  boolean idsOnly;

  @Mixin SamplingOptions sampling;

  @Mixin RunOptions options;

  RunCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (Stream.of(prompt, file, promptIds).filter(Objects::nonNull).count() != 1) {
      throw new ParameterException(spec.commandLine(), console.messages().text("run.onePrompt"));
    }
    String text = file == null ? prompt : InputFiles.text(file);
    SamplingParams params = sampling.params(tokens);
    try (LanguageModel open = LanguageModel.open(Models.find(console, model), options.model());
        Generation generation =
            open.generate(
                text == null ? Objects.requireNonNull(promptIds).ids() : open.encode(text),
                params)) {
      if (idsOnly || open.tokenizer().isEmpty()) {
        generation.forEach(token -> {});
        console.out().println(new TokenIds(generation.ids()));
      } else {
        print(text == null || raw ? "" : text, generation);
      }
    }
    return 0;
  }

  private void print(String echo, Generation generation) {
    show(echo);
    long start = System.nanoTime();
    long first = start;
    for (GeneratedToken token : generation) {
      if (generation.ids().length == 1) {
        first = System.nanoTime();
      }
      show(token.text());
    }
    long end = System.nanoTime();
    if (!raw) {
      console.out().println();
      int count = generation.ids().length;
      console.say(
          "run.speed",
          generation.promptTokens(),
          speed(generation.promptTokens(), first - start),
          count,
          speed(count - 1, end - first),
          generation.seed());
    }
  }

  private void show(String text) {
    console.out().print(text);
    console.out().flush();
  }

  private static String speed(int tokens, long nanos) {
    return String.format(Locale.ROOT, "%.1f", tokens <= 0 || nanos <= 0 ? 0 : tokens * 1e9 / nanos);
  }
}
