package org.tokapu.cli.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.tokapu.base.TokapuException;
import org.tokapu.cli.console.Console;
import org.tokapu.cli.console.Progress;
import org.tokapu.engine.LanguageModel;
import org.tokapu.engine.ModelOptions;
import org.tokapu.engine.sampling.LogProbs;
import org.tokapu.model.Inference;
import org.tokapu.model.KvSequence;
import org.tokapu.model.TokenBatch;
import org.tokapu.tensor.Tensor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tokapu perplexity`: how surprised a model is by a text.
///
/// The text is cut into windows of the context; every token after the first of a window counts.
@Command(name = "perplexity")
final class PerplexityCommand implements Callable<Integer> {
  /// Rows of logits held at once: 64 rows of a vocabulary of 256,000 are 64 MiB.
  private static final int CHUNK = 64;

  private final Console console;

  @Parameters(index = "0", paramLabel = "MODEL", descriptionKey = "model")
  String model;

  @Parameters(index = "1", paramLabel = "FILE", descriptionKey = "file")
  Path file;

  @Option(names = "--ctx", paramLabel = "N")
  int context;

  @Option(names = "--threads", paramLabel = "N")
  int threads;

  PerplexityCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    String text = Files.readString(file, StandardCharsets.UTF_8);
    ModelOptions options = ModelOptions.defaults().withContext(context).withThreads(threads);
    try (LanguageModel open = LanguageModel.open(Models.find(console, model), options);
        Progress progress = new Progress(console, "perplexity", Progress.Unit.THINGS)) {
      int[] ids = open.encode(text);
      Inference inference = open.inference();
      long tokens = 0;
      double nll = 0;
      for (int at = 0; at < ids.length; at += inference.context()) {
        int[] window = Arrays.copyOfRange(ids, at, Math.min(ids.length, at + inference.context()));
        nll -= logProb(inference, window);
        tokens += window.length - 1;
        progress.at(at + window.length, ids.length);
      }
      if (tokens == 0) {
        throw new TokapuException(file + " holds fewer than two tokens; nothing to measure");
      }
      console.out().printf(Locale.ROOT, "tokens %d%n", tokens);
      console.out().printf(Locale.ROOT, "nll %.6f%n", nll);
      console.out().printf(Locale.ROOT, "ppl %.6f%n", Math.exp(nll / tokens));
    }
    return 0;
  }

  /// Returns the log-probability of all tokens of a window but the first.
  private static double logProb(Inference inference, int[] window) {
    double sum = 0;
    try (KvSequence sequence = inference.pool().open()) {
      for (int at = 0; at < window.length - 1; at += CHUNK) {
        int[] rows = Arrays.copyOfRange(window, at, Math.min(window.length - 1, at + CHUNK));
        Tensor logits =
            inference.logits(TokenBatch.builder().add(rows, sequence, rows.length).build());
        for (int i = 0; i < rows.length; i++) {
          sum += LogProbs.of(logits.row(i), window[at + i + 1]);
        }
      }
    }
    return sum;
  }
}
