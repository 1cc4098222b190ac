package org.tokapu.server.http;

import io.helidon.http.DirectHandler;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.DirectHandler.TransportResponse;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;
import org.tokapu.base.OutOfCapacityException;
import org.tokapu.base.TokapuException;
import org.tokapu.base.json.Json;

/// Listens, and answers by the list of endpoints. Thread-safe.
public final class HttpServer implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(HttpServer.class.getName());

  /// The framework tells of every start on the console; only its warnings are wanted.
  private static final Logger FRAMEWORK = Logger.getLogger("io.helidon");

  /// It warns, with a trace, of every client that hangs up within a request.
  private static final Logger FRAMEWORK_HTTP =
      Logger.getLogger("io.helidon.webserver.http1.Http1Connection");

  private static final int HEADERS_LIMIT = 32 << 10;
  private static final int CLIENT_GONE = 499;

  /// The framework's own timers know nothing of a request that is being answered; [Connections] do.
  private static final Duration NEVER = Duration.ofDays(20);

  private final HttpOptions options;
  private final Router router;
  private final Authenticator authenticator;
  private final RequestLog log;
  private final OriginCheck origins;
  private final Connections connections;
  private final WebServer web;
  private final AtomicInteger active = new AtomicInteger();
  private volatile boolean draining;

  private HttpServer(
      HttpOptions options, List<Endpoint> endpoints, Authenticator authenticator, RequestLog log) {
    FRAMEWORK.setLevel(java.util.logging.Level.WARNING);
    FRAMEWORK_HTTP.setFilter(entry -> !Connection.hungUp(entry.getThrown()));
    this.options = options;
    this.authenticator = authenticator;
    this.log = log;
    router = new Router(endpoints);
    origins = new OriginCheck(options.loopback(), options.origins());
    connections =
        new Connections(
            Http1ConnectionSelector.builder()
                .config(http -> http.maxHeadersSize(HEADERS_LIMIT))
                .build(),
            options.readTimeout(),
            options.writeTimeout());
    web = web(options);
  }

  private WebServer web(HttpOptions options) {
    WebServerConfig.Builder builder =
        WebServer.builder()
            .host(options.host())
            .port(options.port())
            .shutdownHook(false)
            .featuresDiscoverServices(false)
            .protocolsDiscoverServices(false)
            .addConnectionSelector(connections)
            // Only these sockets can be watched while a request is answered.
            .useNio(false)
            .connectionOptions(WatchableSockets.create())
            .idleConnectionTimeout(NEVER)
            .directHandlers(directHandlers())
            .routing(routing -> routing.any(this::handle));
    options.tls().ifPresent(files -> builder.tls(tls -> tls.sslContext(files.context())));
    return builder.build();
  }

  /// Starts to listen.
  ///
  /// @throws TokapuException if the address cannot be had
  public static HttpServer start(
      HttpOptions options, List<Endpoint> endpoints, Authenticator authenticator, RequestLog log) {
    HttpServer server = new HttpServer(options, endpoints, authenticator, log);
    try {
      server.web.start();
      return server;
    } catch (RuntimeException e) {
      server.connections.close();
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new TokapuException(
          "cannot listen on %s:%d: %s; is another server running there? Choose another port (--port)"
              .formatted(options.host(), options.port(), cause.getMessage()),
          e);
    }
  }

  /// Returns the port.
  public int port() {
    return web.port();
  }

  /// Returns the address to open in a browser.
  public String url() {
    String host = options.host();
    String shown =
        host.equals("0.0.0.0") || host.equals("::")
            ? "localhost"
            : host.contains(":") ? "[" + host + "]" : host;
    return "%s://%s:%d".formatted(options.tls().isPresent() ? "https" : "http", shown, port());
  }

  /// Returns how many requests are being answered.
  public int activeRequests() {
    return active.get();
  }

  /// Returns how many connections are open.
  public int openConnections() {
    return connections.count();
  }

  /// Returns whether the server has been asked to stop.
  public boolean draining() {
    return draining;
  }

  /// Refuses new requests, waits for those under way as long as the options allow, and closes.
  @Override
  public void close() {
    draining = true;
    long end = System.nanoTime() + options.drain().toNanos();
    try {
      while (active.get() > 0 && System.nanoTime() < end) {
        Thread.sleep(20);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    connections.close();
    web.stop();
  }

  private void handle(ServerRequest request, ServerResponse response) {
    Connection connection = Connections.CURRENT.get();
    connection.enter(Connection.Phase.READING);
    long start = System.nanoTime();
    Exchange exchange = new Exchange(request, response, connection, options.bodyLimit());
    active.incrementAndGet();
    boolean keep = false;
    boolean gone = false;
    try {
      answer(exchange);
      keep = exchange.finish() && !draining;
    } catch (ClientGoneException e) {
      gone = true;
    } finally {
      active.decrementAndGet();
      connection.enter(Connection.Phase.READING);
      log.add(
          new RequestLog.Entry(
              exchange.id(),
              exchange.method(),
              exchange.path(),
              exchange.route(),
              gone ? CLIENT_GONE : exchange.status(),
              Duration.ofNanos(System.nanoTime() - start),
              exchange.notes()));
    }
    if (!keep) {
      // The framework forgets it: https://github.com/helidon-io/helidon/issues/12324
      throw new CloseConnectionException("answered");
    }
  }

  private void answer(Exchange exchange) {
    try {
      dispatch(exchange);
    } catch (ApiError e) {
      exchange.fail(e);
    } catch (ClientGoneException e) {
      throw e;
    } catch (OutOfCapacityException e) {
      exchange.fail(ApiError.overloaded(String.valueOf(e.getMessage()), 1));
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      LOG.log(Level.ERROR, "request " + exchange.id() + " failed", e);
      exchange.fail(
          ApiError.internal(
              "The server had an error while processing your request; its log says more under %s."
                  .formatted(exchange.id())));
    }
  }

  private void dispatch(Exchange exchange) {
    Optional<String> origin = exchange.header("origin");
    origins.check(exchange.header("host"), origin);
    boolean listed = origin.isPresent() && origins.listed(origin.get());
    if (listed) {
      exchange.setHeader("access-control-allow-origin", origin.get());
      exchange.setHeader("vary", "origin");
      exchange.setHeader("access-control-expose-headers", "*");
    }
    if (draining) {
      throw ApiError.overloaded("The server is shutting down.", 5);
    }
    if (exchange.method().equals("OPTIONS") && listed) {
      preflight(exchange);
      return;
    }
    Router.Match match = router.find(exchange.method(), exchange.path());
    exchange.bind(match);
    String scope = match.endpoint().scope();
    if (!scope.isEmpty()) {
      exchange.caller(authenticator.authenticate(key(exchange)));
      if (!exchange.caller().scopes().contains(scope)) {
        throw ApiError.forbidden("insufficient_scope", "This key lacks the scope " + scope + ".");
      }
    }
    match.endpoint().handle(exchange);
  }

  private static Optional<String> key(Exchange exchange) {
    return exchange
        .header("authorization")
        .filter(value -> value.regionMatches(true, 0, "Bearer ", 0, 7))
        .map(value -> value.substring(7).strip())
        .or(() -> exchange.header("x-api-key"));
  }

  private static void preflight(Exchange exchange) {
    exchange.setHeader("access-control-allow-methods", "GET, POST, PATCH, DELETE");
    exchange.setHeader(
        "access-control-allow-headers",
        exchange.header("access-control-request-headers").orElse("authorization, content-type"));
    exchange.setHeader("access-control-max-age", "600");
    exchange.empty(204);
  }

  /// What is so broken that it never becomes a request.
  private static DirectHandlers directHandlers() {
    DirectHandler handler =
        (request, event, status, headers, message) ->
            TransportResponse.builder()
                .status(status)
                .headers(headers)
                .header(io.helidon.http.HeaderNames.CONTENT_TYPE, "application/json")
                .keepAlive(false)
                .entity(
                    Json.write(
                        ApiError.of(status.code(), "Bad request: " + message, "bad_request")
                            .toJson()))
                .build();
    DirectHandlers.Builder builder = DirectHandlers.builder();
    for (EventType event : EventType.values()) {
      builder.addHandler(event, handler);
    }
    return builder.build();
  }
}
