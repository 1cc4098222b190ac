package org.tokapu.model.store;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/// The host asks for patience, or is broken for the moment.
final class RetryableException extends IOException {
  private static final long serialVersionUID = 1;

  private final transient Optional<Duration> retryAfter;

  /// @param retryAfter how long the host wants us to wait, if it says
  RetryableException(String message, Optional<Duration> retryAfter) {
    super(message);
    this.retryAfter = retryAfter;
  }

  Optional<Duration> retryAfter() {
    return retryAfter;
  }
}
