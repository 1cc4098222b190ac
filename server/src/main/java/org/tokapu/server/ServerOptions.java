package org.tokapu.server;

/// Where the server listens. Immutable.
///
/// @param host the address to bind; only loopback addresses may do without API keys
/// @param port 0: any free one
public record ServerOptions(String host, int port) {
  /// The port that is used if none is given.
  public static final int PORT = 11900;

  /// Returns the defaults: this machine alone.
  public static ServerOptions defaults() {
    return new ServerOptions("127.0.0.1", PORT);
  }
}
