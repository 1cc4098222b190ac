package org.tokapu.assistant.window;

import java.util.Set;

/// What stands for messages that have left.
///
/// @param text the summary
/// @param covers the numbers of the messages that it stands for
public record Summary(String text, Set<Long> covers) {
  /// Keeps a copy of the numbers.
  public Summary {
    covers = Set.copyOf(covers);
  }
}
