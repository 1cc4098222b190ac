package org.tokapu.cli.chat;

/// How a message spans lines: a line that ends in a backslash goes on, and all between two `"""`
/// belongs together.
final class MultiLine {
  private static final String FENCE = "\"\"\"";

  private MultiLine() {}

  /// Returns whether what was typed so far, lines joined by `\n`, is a whole message.
  static boolean complete(String typed) {
    return typed.startsWith(FENCE)
        ? typed.length() >= 2 * FENCE.length() && typed.stripTrailing().endsWith(FENCE)
        : !typed.endsWith("\\");
  }

  /// Returns the message that a whole input spells.
  static String text(String typed) {
    if (!typed.startsWith(FENCE)) {
      return typed.replace("\\\n", "\n");
    }
    String inner = typed.stripTrailing();
    int end = inner.endsWith(FENCE) && inner.length() >= 2 * FENCE.length() ? FENCE.length() : 0;
    return inner.substring(FENCE.length(), inner.length() - end).strip();
  }
}
