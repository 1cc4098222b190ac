package org.tokapu.server.http;

import java.time.Duration;
import java.util.Map;

/// Hears of every request when it has been answered. Thread-safe.
@FunctionalInterface
public interface RequestLog {
  /// Keeps nothing.
  RequestLog NONE = entry -> {};

  /// One request; nothing of what was said in it.
  ///
  /// @param id as in the header `x-request-id`
  /// @param method `GET`, ...
  /// @param path as it came
  /// @param route the pattern that it matched, for metrics; empty if none
  /// @param status of the answer; 499 if the client went away before
  /// @param time from its headers to the end of the answer
  /// @param notes what the endpoint found worth noting: numbers of tokens
  record Entry(
      String id,
      String method,
      String path,
      String route,
      int status,
      Duration time,
      Map<String, Object> notes) {}

  /// Takes an entry.
  void add(Entry entry);
}
