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

  /// Says what happens when the user asks to stop (Ctrl-C) before the next call of [#next]; it runs
  /// on another thread, at once if the user has asked already.
  void onStop(Runnable action);

  @Override
  void close();
}
