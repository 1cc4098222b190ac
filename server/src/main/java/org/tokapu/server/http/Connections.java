package org.tokapu.server.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// All open connections: hands the framework's out, remembers them while they live, and cuts off
/// those that take too long.
///
/// Wraps the framework's HTTP/1.1; the request being answered finds its [Connection] in [#CURRENT].
/// Thread-safe.
final class Connections implements ServerConnectionSelector, AutoCloseable {
  /// The connection whose request the thread answers.
  static final ScopedValue<Connection> CURRENT = ScopedValue.newInstance();

  private static final Duration TICK = Duration.ofMillis(200);

  private final ServerConnectionSelector http1;
  private final Duration readTimeout;
  private final Duration writeTimeout;
  private final Set<Connection> open = ConcurrentHashMap.newKeySet();
  private final Thread watch;

  Connections(ServerConnectionSelector http1, Duration readTimeout, Duration writeTimeout) {
    this.http1 = http1;
    this.readTimeout = readTimeout;
    this.writeTimeout = writeTimeout;
    watch = Thread.ofPlatform().daemon().name("tokapu-connections").start(this::watch);
  }

  private void watch() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        Thread.sleep(TICK);
        long now = System.nanoTime();
        for (Connection connection : open) {
          connection.cutOffIfLate(now, readTimeout.toNanos(), writeTimeout.toNanos());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Returns how many there are.
  int count() {
    return open.size();
  }

  @Override
  public int bytesToIdentifyConnection() {
    return http1.bytesToIdentifyConnection();
  }

  @Override
  public Support supports(BufferData data) {
    return http1.supports(data);
  }

  @Override
  public Set<String> supportedApplicationProtocols() {
    return http1.supportedApplicationProtocols();
  }

  @Override
  public ServerConnection connection(ConnectionContext context) {
    return new Watched(new Connection(context.serverSocket()), http1.connection(context));
  }

  /// Ends every connection that is left.
  @Override
  public void close() {
    watch.interrupt();
    open.forEach(Connection::cutOff);
  }

  private final class Watched implements ServerConnection {
    private final Connection connection;
    private final ServerConnection delegate;

    Watched(Connection connection, ServerConnection delegate) {
      this.connection = connection;
      this.delegate = delegate;
    }

    @Override
    public void handle(Limit limit) throws InterruptedException {
      open.add(connection);
      try {
        ScopedValue.where(CURRENT, connection)
            .call(() -> {
              delegate.handle(limit);
              return true;
            });
      } finally {
        open.remove(connection);
      }
    }

    @Override
    public Duration idleTime() {
      return delegate.idleTime();
    }

    @Override
    public void close(boolean interrupt) {
      delegate.close(interrupt);
    }
  }
}
