package org.tokapu.server.http;

import io.helidon.common.socket.HelidonSocket;

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
