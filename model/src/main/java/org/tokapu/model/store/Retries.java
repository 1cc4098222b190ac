package org.tokapu.model.store;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.tokapu.base.TokapuException;

/// Counts failures in a row and waits longer after each: 1, 2, 4, ... 60 seconds, or as long as the
/// host says.
///
/// Not thread-safe.
final class Retries {
  /// About two minutes of trying before giving up: what has come of a file is worth it.
  static final int OF_A_FILE = 8;

  /// Seven seconds: before anything has come, a user should soon hear that the host is not there.
  static final int OF_A_LISTING = 4;

  private static final Duration LONGEST = Duration.ofSeconds(60);
  private static final Duration LONGEST_ASKED = Duration.ofMinutes(15);

  private final String what;
  private final int most;
  private final Pause pause;
  private int failures;

  /// Sleeps; a test's does not.
  @FunctionalInterface
  interface Pause {
    void sleep(Duration time) throws InterruptedException;
  }

  /// @param what is being tried, for messages
  /// @param most failures in a row that end the trying
  Retries(String what, int most, Pause pause) {
    this.what = what;
    this.most = most;
    this.pause = pause;
  }

  /// Forgets the failures: there was progress.
  void succeeded() {
    failures = 0;
  }

  /// Waits before another try.
  ///
  /// @param waiting hears how long
  /// @throws TokapuException if it has failed too often, or the host asks for too long a wait
  void failed(IOException cause, Consumer<Duration> waiting) {
    failures++;
    Optional<Duration> asked =
        cause instanceof RetryableException e ? e.retryAfter() : Optional.empty();
    if (failures >= most || asked.filter(d -> d.compareTo(LONGEST_ASKED) > 0).isPresent()) {
      throw new TokapuException(
          "cannot get %s: %s%s; try again later, what has come is kept"
              .formatted(
                  what,
                  reason(cause),
                  asked.map(d -> " (asked to wait " + d.toSeconds() + " s)").orElse("")),
          cause);
    }
    Duration time = asked.orElse(Duration.ofSeconds(1L << Math.min(failures - 1, 6)));
    time = asked.isEmpty() && time.compareTo(LONGEST) > 0 ? LONGEST : time;
    waiting.accept(time);
    try {
      pause.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TokapuException("interrupted; run it again to go on with " + what, e);
    }
  }

  static String reason(IOException e) {
    String message = e.getMessage();
    return message == null ? "the connection broke" : message;
  }
}
