package org.tokapu.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.tokapu.cli.console.Console;
import org.tokapu.engine.ChatFormat;
import org.tokapu.engine.LanguageModel;
import org.tokapu.engine.ModelOptions;
import org.tokapu.server.Server;
import org.tokapu.server.ServerOptions;
import org.tokapu.server.api.ServedModel;
import org.tokapu.server.api.ServedModels;
import org.tokapu.server.http.RequestLog;
import org.tokapu.server.http.TlsFiles;
import org.tokapu.text.chat.ChatTemplate;
import org.tokapu.text.chat.ChatTemplates;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tokapu serve`: models behind OpenAI's API, and the page.
@Command(name = "serve")
final class ServeCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(arity = "1..*", paramLabel = "MODEL", descriptionKey = "serveModel")
  List<String> models = List.of();

  @Option(names = "--host", paramLabel = "ADDRESS", defaultValue = "127.0.0.1")
  String host = "127.0.0.1";

  @Option(names = "--port", paramLabel = "N", defaultValue = "11900")
  int port;

  @Option(names = "--parallel", paramLabel = "N", defaultValue = "4")
  int parallel;

  @Option(names = "--queue", paramLabel = "N", defaultValue = "64")
  int queue;

  @Option(names = "--chat-template", paramLabel = "NAME|FILE")
  @Nullable String template;

  @Option(names = "--cors", paramLabel = "ORIGIN,...", split = ",")
  List<String> cors = List.of();

  @Option(names = "--tls-cert", paramLabel = "FILE")
  @Nullable Path certificate;

  @Option(names = "--tls-key", paramLabel = "FILE")
  @Nullable Path key;

  @Option(names = "--tls-password", paramLabel = "TEXT", defaultValue = "")
  String password = "";

  @Option(names = "--body-limit", paramLabel = "MIB", defaultValue = "16")
  int bodyLimit;

  @Option(names = "--read-timeout", paramLabel = "SECONDS", defaultValue = "60")
  int readTimeout;

  @Option(names = "--write-timeout", paramLabel = "SECONDS", defaultValue = "20")
  int writeTimeout;

  @Option(names = "--drain", paramLabel = "SECONDS", defaultValue = "30")
  int drain;

  @Option(names = "--config", paramLabel = "FILE")
  @Nullable Path config;

  @Option(names = "--no-request-log")
  boolean quiet;

  @Mixin RunOptions options;

  ServeCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    ServedModels served = open();
    try (Server server =
        Server.start(serverOptions(), served, quiet ? RequestLog.NONE : this::log)) {
      console.say("serve.ready", server.url());
      waitForSignal(server);
    }
    return 0;
  }

  private ServedModels open() throws IOException {
    List<ServedModel> out = new ArrayList<>();
    try {
      for (String name : models) {
        out.add(open(Models.find(console, name)));
      }
      return new ServedModels(out);
    } catch (RuntimeException | IOException | Error e) {
      out.forEach(ServedModel::close);
      throw e;
    }
  }

  private ServedModel open(Path path) throws IOException {
    ChatFormat format = ChatFormat.open(path);
    ChatTemplate chosen =
        template != null
            ? ChatFormat.named(template)
            : format.template().orElseGet(ChatTemplates::plain);
    ModelOptions opened = options.model().withSequences(parallel);
    LanguageModel model = LanguageModel.open(path, opened);
    try {
      return new ServedModel(
          String.valueOf(path.toAbsolutePath().normalize().getFileName())
              .replaceFirst("\\.gguf$", ""),
          Files.getLastModifiedTime(path).toInstant(),
          model,
          chosen,
          format.specialTokens(),
          parallel,
          queue);
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  private ServerOptions serverOptions() {
    ServerOptions out =
        ServerOptions.defaults()
            .withAddress(host, port)
            .withOrigins(cors)
            .withBodyLimit((long) bodyLimit << 20)
            .withTimeouts(Duration.ofSeconds(readTimeout), Duration.ofSeconds(writeTimeout))
            .withDrain(Duration.ofSeconds(drain));
    return certificate == null
        ? out
        : out.withTls(new TlsFiles(certificate, Optional.ofNullable(key), password));
  }

  /// Waits until the process is told to end (SIGTERM, Ctrl-C), or the thread is interrupted.
  private void waitForSignal(Server server) {
    Thread hook =
        new Thread(() -> {
          console.say("serve.stopping");
          server.close();
        });
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Runtime.getRuntime().removeShutdownHook(hook);
    }
  }

  /// A line a request; nothing of what was said in it.
  private void log(RequestLog.Entry entry) {
    String notes =
        entry.notes().entrySet().stream()
            .map(note -> " " + note.getKey() + "=" + note.getValue())
            .collect(Collectors.joining());
    console
        .err()
        .printf(
            "%s %s %s %d %d ms %s%s%n",
            LocalDateTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS),
            entry.method(),
            entry.path(),
            entry.status(),
            entry.time().toMillis(),
            entry.id(),
            notes);
  }
}
