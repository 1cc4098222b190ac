package org.tokapu.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.tokapu.base.TokapuException;
import org.tokapu.base.json.Json;
import org.tokapu.base.json.JsonObject;

/// Runs llama.cpp beside ours on the same files, and prints the ratios: `./dev bench peers`.
///
/// A synthetic tinyllama-1.1b in Q4_0 and Q8_0 is made once and kept under `target/peers`. In each
/// round both programs run once, taking turns at going first, so that what disturbs the machine
/// disturbs both. A ratio is taken within a round; the table has the median of the rounds and their
/// spread.
public final class Peers {
  private static final int PROMPT = 512;
  private static final int GENERATED = 64;

  /// How to run: everything that the command line says.
  record Options(Path llamaBench, List<String> formats, int rounds, int threads, boolean write) {
    static Options parse(String[] args) {
      Path llamaBench = null;
      List<String> formats = List.of("Q4_0", "Q8_0");
      int rounds = 3;
      int threads = Runtime.getRuntime().availableProcessors();
      boolean write = false;
      for (int i = 0; i < args.length; i++) {
        switch (args[i]) {
          case "--llama-bench" -> llamaBench = Path.of(args[++i]);
          case "--formats" -> formats = List.of(args[++i].split(","));
          case "--rounds" -> rounds = Integer.parseInt(args[++i]);
          case "--threads" -> threads = Integer.parseInt(args[++i]);
          case "--write" -> write = true;
          default -> throw new TokapuException("unknown option " + args[i]);
        }
      }
      if (llamaBench == null || !Files.isExecutable(llamaBench)) {
        throw new TokapuException("give --llama-bench PATH, the program of llama.cpp");
      }
      return new Options(llamaBench, formats, rounds, threads, write);
    }
  }

  private final Options options;
  private final Path root;

  private Peers(Options options, Path root) {
    this.options = options;
    this.root = root;
  }

  /// Runs the comparison.
  public static void main(String[] args) throws IOException, InterruptedException {
    try {
      new Peers(Options.parse(args), Path.of("").toAbsolutePath()).run();
    } catch (TokapuException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }

  private void run() throws IOException, InterruptedException {
    List<PeerTable.Row> rows = new ArrayList<>();
    String cpu = "";
    for (String format : options.formats) {
      Path file = model(format);
      PeerTable.Row prompt = new PeerTable.Row(format, "prompt " + PROMPT);
      PeerTable.Row generation = new PeerTable.Row(format, "generation " + GENERATED);
      for (int round = 0; round < options.rounds; round++) {
        System.err.printf("%s, round %d of %d%n", format, round + 1, options.rounds);
        JsonObject ours;
        Theirs theirs;
        if (round % 2 == 0) {
          ours = ours(file);
          theirs = theirs(file);
        } else {
          theirs = theirs(file);
          ours = ours(file);
        }
        cpu = ours.text("cpu").orElse("unknown processor");
        prompt.add(ours.object("prompt").orElseThrow(), "share_of_peak", theirs.prompt);
        generation.add(
            ours.object("generation").orElseThrow(), "share_of_bandwidth", theirs.generation);
      }
      rows.add(generation);
      rows.add(prompt);
    }
    String table = PeerTable.markdown(rows);
    System.out.println(table);
    if (options.write) {
      PeerTable.write(root.resolve("docs/performance.md"), cpu, options, table);
    }
  }

  /// Returns the synthetic model, made if it is not there.
  private Path model(String format) throws IOException, InterruptedException {
    Path file = root.resolve("target/peers/tinyllama-1.1b-" + format + ".gguf");
    if (!Files.exists(file)) {
      Files.createDirectories(file.getParent());
      output(tokapu("synth", "tinyllama-1.1b", file.toString(), "--format", format));
    }
    return file;
  }

  private List<String> tokapu(String... args) {
    List<String> command = new ArrayList<>();
    command.add(root.resolve("tokapu").toString());
    command.addAll(List.of(args));
    return command;
  }

  private JsonObject ours(Path file) throws IOException, InterruptedException {
    String json =
        output(
            tokapu(
                "bench",
                file.toString(),
                "-p",
                "" + PROMPT,
                "-n",
                "" + GENERATED,
                "-t",
                "" + options.threads,
                "-r",
                "3",
                "--json"));
    return JsonObject.of(Json.parse(json, "tokapu bench"), "tokapu bench", "");
  }

  /// What llama-bench measured, in tokens a second.
  private record Theirs(double prompt, double generation) {}

  private Theirs theirs(Path file) throws IOException, InterruptedException {
    String json =
        output(
            List.of(
                options.llamaBench.toString(),
                "-m",
                file.toString(),
                "-p",
                "" + PROMPT,
                "-n",
                "" + GENERATED,
                "-t",
                "" + options.threads,
                "-r",
                "3",
                "-o",
                "json"));
    double prompt = 0;
    double generation = 0;
    if (Json.parse(json, "llama-bench") instanceof List<?> tests) {
      for (Object test : tests) {
        JsonObject result = JsonObject.of(test, "llama-bench", "");
        double speed = result.number("avg_ts").orElseThrow();
        if (result.integer("n_gen").orElse(0) > 0) {
          generation = speed;
        } else {
          prompt = speed;
        }
      }
    }
    return new Theirs(prompt, generation);
  }

  private static String output(List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String out =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    if (!process.waitFor(1, TimeUnit.HOURS) || process.exitValue() != 0) {
      throw new TokapuException(
          "'%s' failed; run it by itself to see why".formatted(String.join(" ", command)));
    }
    return out;
  }

  /// Returns a figure as the table has it.
  static String figure(String pattern, double value) {
    return String.format(Locale.ROOT, pattern, value);
  }
}
