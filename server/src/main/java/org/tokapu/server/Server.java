package org.tokapu.server;

import java.util.Optional;
import org.tokapu.server.api.Meter;
import org.tokapu.server.api.Routes;
import org.tokapu.server.api.ServedModel;
import org.tokapu.server.api.ServedModels;
import org.tokapu.server.api.Service;
import org.tokapu.server.http.Authenticator;
import org.tokapu.server.http.HttpServer;
import org.tokapu.server.http.RequestLog;
import org.tokapu.server.metrics.Metrics;

/// A running server: models behind OpenAI's API. Owns the models. Thread-safe.
///
/// ```java
/// try (Server server = Server.start(ServerOptions.defaults(), models, RequestLog.NONE)) {
///   System.out.println(server.url());
///   ...
/// }
/// ```
public final class Server implements AutoCloseable {
  private final ServedModels models;
  private final HttpServer http;

  private Server(ServedModels models, HttpServer http) {
    this.models = models;
    this.http = http;
  }

  /// Starts to listen; the models are closed with the server, or if it cannot be started.
  ///
  /// @throws org.tokapu.base.TokapuException if the address cannot be had
  public static Server start(ServerOptions options, ServedModels models, RequestLog log) {
    return start(options, models, log, Authenticator.OPEN, Meter.NONE);
  }

  /// As above, with keys and quotas.
  ///
  /// @throws org.tokapu.base.TokapuException if the address cannot be had
  public static Server start(
      ServerOptions options,
      ServedModels models,
      RequestLog log,
      Authenticator authenticator,
      Meter meter) {
    try {
      options.requireKeysUnlessLocal(authenticator.asksForKeys());
      Metrics metrics = new Metrics();
      Service service = new Service(models, meter, metrics, Service.Counters.of(metrics));
      RequestLog all = counting(metrics, log);
      HttpServer http = HttpServer.start(options.http(), Routes.all(service), authenticator, all);
      gauges(metrics, models, http);
      return new Server(models, http);
    } catch (RuntimeException | Error e) {
      models.close();
      throw e;
    }
  }

  private static RequestLog counting(Metrics metrics, RequestLog log) {
    Metrics.Counter requests = metrics.counter("tokapu_http_requests_total", "Answered requests.");
    Metrics.Histogram seconds =
        metrics.histogram(
            "tokapu_http_request_seconds", "Time of requests.", 0.01, 0.1, 0.5, 1, 5, 10, 60, 300);
    return entry -> {
      String route = Optional.of(entry.route()).filter(r -> !r.isEmpty()).orElse("none");
      requests.add(1, "route", route, "status", Integer.toString(entry.status()));
      seconds.observe(entry.time().toNanos() * 1e-9);
      log.add(entry);
    };
  }

  private static void gauges(Metrics metrics, ServedModels models, HttpServer http) {
    metrics.gauge("tokapu_http_active_requests", "Requests under way.", http::activeRequests);
    metrics.gauge("tokapu_http_connections", "Open connections.", http::openConnections);
    metrics.gauge(
        "tokapu_answers_running",
        "Answers being generated.",
        () -> models.all().stream().mapToInt(ServedModel::running).sum());
    metrics.gauge(
        "tokapu_answers_waiting",
        "Answers waiting for a place.",
        () -> models.all().stream().mapToInt(ServedModel::waiting).sum());
  }

  /// Returns the port.
  public int port() {
    return http.port();
  }

  /// Returns the address to open in a browser.
  public String url() {
    return http.url();
  }

  /// Lets requests under way finish for a while, then closes everything.
  @Override
  public void close() {
    http.close();
    models.close();
  }
}
