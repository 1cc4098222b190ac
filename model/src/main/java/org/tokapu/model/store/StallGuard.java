package org.tokapu.model.store;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/// Closes a stream that brings nothing for a while, so that its reader fails instead of waiting for
/// ever. One watching virtual thread for each guard; close it with the stream.
final class StallGuard implements AutoCloseable {
  private final Thread watcher;
  private volatile long lastProgress = System.nanoTime();

  StallGuard(InputStream stream, Duration longest) {
    this.watcher = Thread.ofVirtual().start(() -> watch(stream, longest));
  }

  /// Notes that bytes have come.
  void advanced() {
    lastProgress = System.nanoTime();
  }

  private void watch(InputStream stream, Duration longest) {
    try {
      while (true) {
        long idle = System.nanoTime() - lastProgress;
        if (idle >= longest.toNanos()) {
          stream.close();
          return;
        }
        Thread.sleep(Duration.ofNanos(longest.toNanos() - idle));
      }
    } catch (InterruptedException | IOException e) {
      // The transfer is over, or the stream is broken already: nothing is left to guard.
    }
  }

  @Override
  public void close() {
    watcher.interrupt();
  }
}
