package org.tokapu.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.tokapu.cli.console.Console;
import org.tokapu.cli.console.Progress;
import org.tokapu.engine.LanguageModel;
import org.tokapu.engine.Perplexity;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `tokapu perplexity`: how surprised a model is by a text.
///
/// The text is cut into windows of the context; every token after the first of a window counts.
@Command(name = "perplexity")
final class PerplexityCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(index = "0", paramLabel = "MODEL", descriptionKey = "model")
  String model;

  @Parameters(index = "1", paramLabel = "FILE", descriptionKey = "file")
  Path file;

  @Mixin RunOptions options;

  PerplexityCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    String text = InputFiles.text(file);
    try (LanguageModel open = LanguageModel.open(Models.find(console, model), options.model());
        Progress progress = new Progress(console, "perplexity", Progress.Unit.THINGS)) {
      int[] ids = open.encode(text);
      Perplexity measured =
          Perplexity.of(
              open.inference(), ids, open.context(), read -> progress.at(read, ids.length));
      console.out().printf(Locale.ROOT, "tokens %d%n", measured.tokens());
      console.out().printf(Locale.ROOT, "nll %.6f%n", measured.nll());
      console.out().printf(Locale.ROOT, "ppl %.6f%n", measured.perplexity());
    }
    return 0;
  }
}
