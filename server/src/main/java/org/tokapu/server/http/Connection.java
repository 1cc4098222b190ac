package org.tokapu.server.http;

import io.helidon.common.buffers.DataReader.InsufficientDataAvailableException;
import io.helidon.common.socket.HelidonSocket;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// One connection of a client: what it is doing, and since when. Thread-safe.
final class Connection {
  /// What a connection waits for.
  enum Phase {
    /// The client is to send a request, or the rest of one.
    READING,
    /// We compute.
    WORKING,
    /// The client is to take what we write.
    WRITING
  }

  private record State(Phase phase, long since) {}

  private final HelidonSocket socket;
  private volatile State state = new State(Phase.READING, System.nanoTime());
  private volatile boolean cut;

  Connection(HelidonSocket socket) {
    this.socket = socket;
  }

  void enter(Phase phase) {
    state = new State(phase, System.nanoTime());
  }

  /// Starts to watch whether the client goes away; only when the request has been read.
  void watchClient() {
    socket.idle();
  }

  /// Returns whether the client went away, or was cut off.
  boolean gone() {
    return cut || !socket.isConnected();
  }

  /// Returns whether an error says that the client went away: the framework wraps what the socket
  /// says in several exceptions of its own, and one that was cut off says many things.
  boolean gone(Throwable error) {
    return gone() || hungUp(error);
  }

  /// Returns whether an error comes from a socket, or from a request that does not go on.
  static boolean hungUp(@Nullable Throwable error) {
    for (Throwable e = error; e != null; e = e.getCause()) {
      if (e instanceof IOException || e instanceof InsufficientDataAvailableException) {
        return true;
      }
    }
    return false;
  }

  void cutOffIfLate(long now, long readNanos, long writeNanos) {
    State current = state;
    long spent = now - current.since;
    boolean late =
        switch (current.phase) {
          case READING -> spent > readNanos;
          case WORKING -> false;
          case WRITING -> spent > writeNanos;
        };
    if (late) {
      cutOff();
    }
  }

  void cutOff() {
    cut = true;
    try {
      socket.close();
    } catch (RuntimeException e) {
      // It is closed already, which is what was wanted.
    }
  }
}
