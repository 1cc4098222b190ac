package org.tokapu.server.http;

/// One method of one resource: a file each, and a line in the list of routes. Thread-safe.
public interface Endpoint {
  /// Returns the method: `GET`, `POST`, ...
  String method();

  /// Returns the path; a segment in braces takes any value: `/v1/models/{model}`.
  String path();

  /// Answers a request.
  ///
  /// @throws ApiError to refuse it
  void handle(Exchange exchange);

  /// Returns what a caller must be allowed to do; empty: nothing, no key is asked for.
  default String scope() {
    return Caller.CHAT;
  }
}
