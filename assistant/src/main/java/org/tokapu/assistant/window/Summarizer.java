package org.tokapu.assistant.window;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Condenses what leaves the window.
@FunctionalInterface
public interface Summarizer {
  /// Returns a summary.
  ///
  /// @param before the summary of what had left earlier, which the new one takes in; empty: none
  /// @param leaving the messages that leave now, the oldest first
  /// @param tokens how long the summary may be
  String summarize(String before, List<Map<String, @Nullable Object>> leaving, int tokens);
}
