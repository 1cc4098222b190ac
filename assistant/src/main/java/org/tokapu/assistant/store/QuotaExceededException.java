package org.tokapu.assistant.store;

import java.time.Duration;
import org.tokapu.base.TokapuException;

/// A key has asked for more than its quota.
public final class QuotaExceededException extends TokapuException {
  private static final long serialVersionUID = 1;

  private final Duration retryAfter;

  /// @param retryAfter when it is worth to ask again
  public QuotaExceededException(String message, Duration retryAfter) {
    super(message);
    this.retryAfter = retryAfter;
  }

  /// Returns when it is worth to ask again.
  public Duration retryAfter() {
    return retryAfter;
  }
}
