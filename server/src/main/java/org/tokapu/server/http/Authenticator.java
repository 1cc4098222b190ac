package org.tokapu.server.http;

import java.util.Optional;

/// Finds out who asks. Thread-safe.
@FunctionalInterface
public interface Authenticator {
  /// Lets everybody in: for loopback addresses alone.
  Authenticator OPEN =
      new Authenticator() {
        @Override
        public Caller authenticate(Optional<String> key) {
          return Caller.LOCAL;
        }

        @Override
        public boolean asksForKeys() {
          return false;
        }
      };

  /// Returns whose key this is.
  ///
  /// @param key what follows `Bearer` in the header `Authorization`, or the header `x-api-key`
  /// @throws ApiError 401 if it is missing or nobody's
  Caller authenticate(Optional<String> key);

  /// Returns whether anybody could be refused.
  default boolean asksForKeys() {
    return true;
  }
}
