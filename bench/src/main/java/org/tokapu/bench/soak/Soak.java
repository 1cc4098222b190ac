package org.tokapu.bench.soak;

import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tokapu.assistant.Owner;
import org.tokapu.base.TokapuException;
import org.tokapu.engine.LanguageModel;
import org.tokapu.engine.ModelOptions;
import org.tokapu.server.Server;
import org.tokapu.server.ServerOptions;
import org.tokapu.server.api.ServedModel;
import org.tokapu.server.api.ServedModels;
import org.tokapu.server.http.RequestLog;
import org.tokapu.text.chat.ChatTemplates;

/// A server in this process, on the loopback address, and many clients that behave well and badly:
/// they read to the end, leave in the middle, read slowly, and send what is malformed, oversized or
/// cut off. Whatever is not the client's fault is a problem; after the load, heap, pages, threads
/// and file handles must be back where they started. Ends with status 1 otherwise.
///
/// ```
/// ./dev soak --model stories260K-F32.gguf [--seconds 600] [--streams 64] [--seed 1]
/// ```
public final class Soak {
  private static final String MODEL = "soak";

  /// How many answers are worked on at once; with 64 streams, others wait in the queue.
  private static final int PARALLEL = 16;

  private static final Duration WARM_UP = Duration.ofSeconds(10);
  private static final Duration PROGRESS = Duration.ofSeconds(10);

  /// How to run: everything that the command line says.
  record Options(Path model, int seconds, int streams, long seed) {
    static Options parse(String[] args) {
      Path model = null;
      int seconds = 600;
      int streams = 64;
      long seed = 1;
      for (int i = 0; i + 1 < args.length; i += 2) {
        String value = args[i + 1];
        switch (args[i]) {
          case "--model" -> model = Path.of(value);
          case "--seconds" -> seconds = Integer.parseInt(value);
          case "--streams" -> streams = Integer.parseInt(value);
          case "--seed" -> seed = Long.parseLong(value);
          default -> throw new TokapuException("unknown option " + args[i]);
        }
      }
      if (model == null || !Files.exists(model) || args.length % 2 != 0) {
        throw new TokapuException(
            "give --model PATH, a small one, and a value after each of --seconds, --streams, --seed");
      }
      return new Options(model, seconds, streams, seed);
    }
  }

  private final Options options;
  private final LanguageModel model;
  private final URI url;

  private Soak(Options options, LanguageModel model, URI url) {
    this.options = options;
    this.model = model;
    this.url = url;
  }

  /// Runs the load.
  public static void main(String[] args) throws InterruptedException {
    boolean well;
    try {
      well = run(Options.parse(args));
    } catch (TokapuException e) {
      System.err.println(e.getMessage());
      well = false;
    }
    System.exit(well ? 0 : 1);
  }

  private static boolean run(Options options) throws InterruptedException {
    LanguageModel model =
        LanguageModel.open(options.model, ModelOptions.defaults().withSequences(PARALLEL));
    ServedModel served =
        new ServedModel(
            MODEL,
            Instant.now(),
            model,
            ChatTemplates.plain(),
            Map.of(),
            PARALLEL,
            options.streams);
    try (Server server =
        Server.start(
            ServerOptions.defaults().withAddress("127.0.0.1", 0),
            new ServedModels(List.of(served)),
            RequestLog.NONE)) {
      return new Soak(options, model, URI.create(server.url())).run();
    }
  }

  private boolean run() throws InterruptedException {
    load(WARM_UP, new Tally());
    Footprint start = atRest();
    System.out.println("before: " + start);
    Tally tally = new Tally();
    load(Duration.ofSeconds(options.seconds), tally);
    Footprint end = atRest();
    System.out.println("after:  " + end);
    System.out.println(tally);
    List<String> leaks = end.leaksSince(start);
    tally.problems().forEach(problem -> System.out.println("problem: " + problem));
    leaks.forEach(leak -> System.out.println("leak: " + leak));
    boolean well = leaks.isEmpty() && tally.problems().isEmpty();
    System.out.println(well ? "all well" : "not well");
    return well;
  }

  private Footprint atRest() throws InterruptedException {
    // A client that has gone is noticed at the latest when its next chunk is written.
    for (int i = 0; i < 100 && model.stats().running() + model.stats().waiting() > 0; i++) {
      Thread.sleep(100);
    }
    model.forget(Owner.LOCAL.id());
    return Footprint.of(model);
  }

  private void load(Duration time, Tally tally) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    List<Thread> threads = new ArrayList<>();
    try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      for (int i = 0; i < options.streams; i++) {
        SoakClient client = new SoakClient(http, url, MODEL, tally, options.seed * 1_000_003 + i);
        threads.add(Thread.ofVirtual().start(() -> actUntil(end, client)));
      }
      while (System.nanoTime() < end) {
        Thread.sleep(Math.min(PROGRESS.toMillis(), 1 + (end - System.nanoTime()) / 1_000_000));
        System.err.printf(
            "%d s left: %s%n", Math.max(0, (end - System.nanoTime()) / 1_000_000_000), tally);
      }
      for (Thread thread : threads) {
        if (!thread.join(Duration.ofSeconds(60))) {
          tally.problem("a client still waits a minute after the end");
        }
      }
    }
  }

  private static void actUntil(long end, SoakClient client) {
    try {
      while (System.nanoTime() < end) {
        client.act();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
