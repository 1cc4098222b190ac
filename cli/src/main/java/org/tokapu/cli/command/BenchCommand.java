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
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tokapu bench`: tokens a second of a model on this machine, and how near that is to what the
/// machine could do at best.
@Command(name = "bench")
final class BenchCommand implements Callable<Integer> {
  private final Console console;

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
        ModelOptions.defaults().withContext(context).withThreads(threads).withSequences(sequences);
    try (LanguageModel open = LanguageModel.open(Models.find(console, model), options)) {
      SpeedTest test = new SpeedTest(open.inference());
      Map<String, Object> out = new LinkedHashMap<>();
      out.put("model", model);
      out.put("cpu", CpuFeatures.read().name());
      out.put("kernels", open.inference().kernels().name());
      out.put("threads", open.threads());
      out.put("weight_bytes", open.memory().weights());
      Table table = new Table("lrrrr");
      if (prompt > 0) {
        report("prompt", test.prompt(prompt, runs), out, table);
      }
      if (generated > 0) {
        report("generation", test.generation(generated, sequences, runs), out, table);
      }
      share(out, roofs(open.threads()));
      if (json) {
        console.out().println(Json.writePretty(out));
      } else {
        table.print(console.out());
      }
    }
    return 0;
  }

  private void report(String kind, SpeedTest.Result result, Map<String, Object> out, Table table) {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("tokens", result.tokens());
    figures.put("tokens_per_second", result.tokensPerSecond());
    figures.put("spread", result.spread());
    figures.put("gb_per_second", result.bytesPerSecond() * 1e-9);
    figures.put("gflop_per_second", result.flopsPerSecond() * 1e-9);
    out.put(kind, figures);
    table.row(
        console.messages().text("bench." + kind, result.tokens()),
        number("%.1f tokens/s", result.tokensPerSecond()),
        number("±%.0f %%", result.spread() * 100),
        number("%.1f GB/s", result.bytesPerSecond() * 1e-9),
        number("%.0f GFLOP/s", result.flopsPerSecond() * 1e-9));
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

  /// Adds what the machine could do at best, and how near the results are to that.
  private static void share(Map<String, Object> out, Optional<Roofs> measured) {
    if (measured.isEmpty()) {
      return;
    }
    Roofs roofs = measured.get();
    out.put("roof_gb_per_second", roofs.bytesPerSecond() * 1e-9);
    out.put("roof_gflop_per_second", roofs.flopsPerSecond() * 1e-9);
    share(out, "prompt", "gflop_per_second", "share_of_peak", roofs.flopsPerSecond());
    share(out, "generation", "gb_per_second", "share_of_bandwidth", roofs.bytesPerSecond());
  }

  private static void share(
      Map<String, Object> out, String kind, String rate, String key, double roof) {
    if (out.get(kind) instanceof Map<?, ?> figures && figures.get(rate) instanceof Double is) {
      Map<String, Object> more = new LinkedHashMap<>();
      figures.forEach((name, value) -> more.put((String) name, value));
      more.put(key, is * 1e9 / roof);
      out.put(kind, more);
    }
  }

  private static String number(String pattern, double value) {
    return String.format(Locale.ROOT, pattern, value);
  }
}
