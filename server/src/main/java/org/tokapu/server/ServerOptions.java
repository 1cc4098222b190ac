package org.tokapu.server;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.tokapu.base.TokapuException;
import org.tokapu.server.http.HttpOptions;
import org.tokapu.server.http.TlsFiles;

/// Where and within which limits a server listens. Immutable; every `with` returns a changed copy.
///
/// @param host the address to bind; only loopback addresses may do without API keys
/// @param port 0: any free one
/// @param tls the certificate; plain HTTP without
/// @param origins pages of which origins may call, beside the server's own; `*` for all
/// @param bodyLimit the largest body that is read, in bytes
/// @param readTimeout how long a client may take to send a request, or to begin the next one
/// @param writeTimeout how long a client may take to read what was written
/// @param drain how long requests under way may go on after a stop
public record ServerOptions(
    String host,
    int port,
    Optional<TlsFiles> tls,
    List<String> origins,
    long bodyLimit,
    Duration readTimeout,
    Duration writeTimeout,
    Duration drain) {
  /// The port that is used if none is given.
  public static final int PORT = 11900;

  /// Copies the list.
  public ServerOptions {
    origins = List.copyOf(origins);
  }

  /// Returns the defaults: this machine alone.
  public static ServerOptions defaults() {
    return new ServerOptions(
        "127.0.0.1",
        PORT,
        Optional.empty(),
        List.of(),
        16L << 20,
        Duration.ofSeconds(60),
        Duration.ofSeconds(20),
        Duration.ofSeconds(30));
  }

  /// Sets the address.
  public ServerOptions withAddress(String newHost, int newPort) {
    return new ServerOptions(
        newHost, newPort, tls, origins, bodyLimit, readTimeout, writeTimeout, drain);
  }

  /// Sets the certificate.
  public ServerOptions withTls(TlsFiles files) {
    return new ServerOptions(
        host, port, Optional.of(files), origins, bodyLimit, readTimeout, writeTimeout, drain);
  }

  /// Sets which pages may call.
  public ServerOptions withOrigins(List<String> value) {
    return new ServerOptions(host, port, tls, value, bodyLimit, readTimeout, writeTimeout, drain);
  }

  /// Sets the largest body, in bytes.
  public ServerOptions withBodyLimit(long value) {
    return new ServerOptions(host, port, tls, origins, value, readTimeout, writeTimeout, drain);
  }

  /// Sets how long clients may take to send, and to read.
  public ServerOptions withTimeouts(Duration read, Duration write) {
    return new ServerOptions(host, port, tls, origins, bodyLimit, read, write, drain);
  }

  /// Sets how long requests may go on after a stop.
  public ServerOptions withDrain(Duration value) {
    return new ServerOptions(host, port, tls, origins, bodyLimit, readTimeout, writeTimeout, value);
  }

  HttpOptions http() {
    return new HttpOptions(host, port, tls, origins, bodyLimit, readTimeout, writeTimeout, drain);
  }

  void requireKeysUnlessLocal(boolean keys) {
    if (!keys && !http().loopback()) {
      throw new TokapuException(
          "%s can be reached from other machines, and no API keys are asked for; listen on 127.0.0.1, or switch keys on"
              .formatted(host));
    }
  }
}
