package org.tokapu.server.http;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Where and within which limits a server listens. Immutable.
///
/// @param host the address to bind
/// @param port 0: any free one
/// @param tls the certificate; plain HTTP without
/// @param origins pages of which origins may call: `https://chat.example.org`, or `*`
/// @param bodyLimit the largest body that is read, in bytes
/// @param readTimeout how long a client may take to send a request, or to begin the next one
/// @param writeTimeout how long a client may take to read what was written
/// @param drain how long requests that are being answered may go on after a stop
public record HttpOptions(
    String host,
    int port,
    Optional<TlsFiles> tls,
    List<String> origins,
    long bodyLimit,
    Duration readTimeout,
    Duration writeTimeout,
    Duration drain) {
  /// Copies the list.
  public HttpOptions {
    origins = List.copyOf(origins);
  }

  /// Returns whether only this machine can reach the server.
  public boolean loopback() {
    return OriginCheck.isLoopback(host);
  }
}
