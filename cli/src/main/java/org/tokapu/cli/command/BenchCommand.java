package org.tokapu.cli.command;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.tokapu.base.json.Json;
import org.tokapu.cli.console.Console;
import org.tokapu.cli.console.Table;
import org.tokapu.engine.LanguageModel;
import org.tokapu.engine.ModelOptions;
import org.tokapu.tensor.Parallel;
import org.tokapu.tensor.kernels.CpuFeatures;
import org.tokapu.tensor.kernels.Roofs;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `tokapu bench`: tokens a second of a model on this machine, and how near that is to what the
/// machine could do at best.
@Command(name = "bench")
final class BenchCommand implements Callable<Integer> {
  private final Console console;

  @Spec CommandSpec spec;

  @Parameters(index = "0", paramLabel = "MODEL", descriptionKey = "model")
  String model;

  @Option(names = "-p", paramLabel = "N", defaultValue = "512")
  int prompt;

  @Option(names = "-n", paramLabel = "N", defaultValue = "64")
  int generated;

  @Option(names = "-b", paramLabel = "N", defaultValue = "1")
  int sequences;

  @Option(
      names = {"-t", "--threads"},
      paramLabel = "N")
  int threads;

  @Option(names = "-r", paramLabel = "N", defaultValue = "5")
  int runs;

  @Option(names = "--json")
  boolean json;

  BenchCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    int context = Math.max(1, Math.max(prompt, generated));
    ModelOptions options =
        Arguments.checked(
            spec,
            () ->
                ModelOptions.defaults()
                    .withContext(context)
                    .withThreads(threads)
                    .withSequences(sequences));
    if (runs < 1) {
      throw new ParameterException(
          spec.commandLine(), console.messages().text("usage.invalid", "-r", runs));
    }
    try (LanguageModel open = LanguageModel.open(Models.find(console, model), options)) {
      SpeedTest test = new SpeedTest(open.inference());
      Map<String, Object> out = new LinkedHashMap<>();
      out.put("model", model);
      out.put("cpu", CpuFeatures.read().name());
      out.put("kernels", open.inference().kernels().name());
      out.put("threads", open.threads());
      out.put("weight_bytes", open.memory().weights());
      Optional<Roofs> roofs = roofs(open.threads());
      roofs.ifPresent(r -> {
        out.put("roof_gb_per_second", r.bytesPerSecond() * 1e-9);
        out.put("roof_gflop_per_second", r.flopsPerSecond() * 1e-9);
      });
      Table table = new Table("lrrrrl");
      if (prompt > 0) {
        SpeedTest.Result result = test.prompt(prompt, runs);
        Optional<Double> share = roofs.map(r -> result.flopsPerSecond() / r.flopsPerSecond());
        report("prompt", "share_of_peak", result, share, out, table);
      }
      if (generated > 0) {
        SpeedTest.Result result = test.generation(generated, sequences, runs);
        Optional<Double> share = roofs.map(r -> result.bytesPerSecond() / r.bytesPerSecond());
        report("generation", "share_of_bandwidth", result, share, out, table);
      }
      if (json) {
        console.out().println(Json.writePretty(out));
      } else {
        table.print(console.out());
      }
    }
    return 0;
  }

  private void report(
      String kind,
      String shareKey,
      SpeedTest.Result result,
      Optional<Double> share,
      Map<String, Object> out,
      Table table) {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("tokens", result.tokens());
    figures.put("tokens_per_second", result.tokensPerSecond());
    figures.put("spread", result.spread());
    figures.put("gb_per_second", result.bytesPerSecond() * 1e-9);
    figures.put("gflop_per_second", result.flopsPerSecond() * 1e-9);
    share.ifPresent(s -> figures.put(shareKey, s));
    out.put(kind, figures);
    table.row(
        console.messages().text("bench." + kind, result.tokens()),
        number("%.1f tokens/s", result.tokensPerSecond()),
        number("±%.0f %%", result.spread() * 100),
        number("%.1f GB/s", result.bytesPerSecond() * 1e-9),
        number("%.0f GFLOP/s", result.flopsPerSecond() * 1e-9),
        share
            .map(s -> console.messages().text("bench." + shareKey, number("%.0f", s * 100)))
            .orElse(""));
  }

  /// Without the Vector API there is nothing to measure by.
  private static Optional<Roofs> roofs(int threads) {
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
      return Optional.empty();
    }
    try (Parallel team = Parallel.of(threads)) {
      return Optional.of(Roofs.measure(team));
    }
  }

  private static String number(String pattern, double value) {
    return String.format(Locale.ROOT, pattern, value);
  }
}
