package org.tokapu.assistant.store;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.TokapuException;

/// A message that is to be stored.
///
/// @param body the message in the form of OpenAI's API, plain JSON values; `role` is a text
/// @param tokens how many tokens its text has; 0 if nobody counted
/// @param partial whether it was cut off: its author was stopped
/// @param details what else is to be remembered of it (usage, window, finish reason): plain JSON
public record NewMessage(
    Map<String, ? extends @Nullable Object> body,
    int tokens,
    boolean partial,
    Map<String, ? extends @Nullable Object> details) {
  /// Checks the role.
  public NewMessage {
    if (!(body.get("role") instanceof String role) || role.isBlank()) {
      throw new TokapuException("a message has no role; say user, assistant, system or tool");
    }
  }

  /// Returns a whole message without details.
  public static NewMessage of(Map<String, ? extends @Nullable Object> body, int tokens) {
    return new NewMessage(body, tokens, false, Map.of());
  }

  /// Returns who speaks.
  public String role() {
    return String.valueOf(body.get("role"));
  }
}
