package org.tokapu.server.http;

/// The client went away, or was cut off since it read too slowly: there is nobody to answer.
public final class ClientGoneException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /// Keeps what the socket said, if it said anything.
  public ClientGoneException(String message) {
    super(message, null, false, false);
  }
}
