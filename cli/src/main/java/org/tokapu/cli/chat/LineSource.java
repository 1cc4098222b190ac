package org.tokapu.cli.chat;

import java.util.Optional;

/// Where what a user says comes from.
public interface LineSource extends AutoCloseable {
  /// What a user did.
  sealed interface Said {
    /// Said something, maybe over several lines.
    record Text(String text) implements Said {}

    /// Gave up the line that was being written (Ctrl-C).
    record Nothing() implements Said {}
  }

  /// Waits for the user; nothing at the end of the input (Ctrl-D).
  Optional<Said> next();

  /// Returns whether the user has asked to stop (Ctrl-C) since the last call of [#next].
  boolean stopAsked();

  @Override
  void close();
}
