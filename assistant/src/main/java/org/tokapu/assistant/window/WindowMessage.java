package org.tokapu.assistant.window;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A message that may enter the window.
///
/// @param number its name, for summaries
/// @param body the message in the form of OpenAI's API
/// @param pinned whether it must stay
public record WindowMessage(long number, Map<String, @Nullable Object> body, boolean pinned) {
  /// Returns whether it gives instructions: these never leave.
  boolean isSystem() {
    return "system".equals(body.get("role")) || "developer".equals(body.get("role"));
  }

  boolean isUser() {
    return "user".equals(body.get("role"));
  }
}
