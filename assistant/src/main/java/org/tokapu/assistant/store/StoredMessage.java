package org.tokapu.assistant.store;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A message of a session.
///
/// @param number its name in the session, from 1, growing with time
/// @param parent the number of the message that it follows; 0: it begins a branch
/// @param body the message in the form of OpenAI's API
/// @param tokens how many tokens its text has; 0 if nobody counted
/// @param created when it was stored
/// @param pinned whether it must stay in the window
/// @param partial whether its author was stopped
/// @param details what else is remembered of it
public record StoredMessage(
    long number,
    long parent,
    Map<String, @Nullable Object> body,
    int tokens,
    Instant created,
    boolean pinned,
    boolean partial,
    Map<String, @Nullable Object> details) {
  /// Returns who speaks.
  public String role() {
    return String.valueOf(body.get("role"));
  }

  /// Returns its text, the texts of its parts a line apart; empty if it has none.
  public String text() {
    return MessageText.of(body);
  }
}
