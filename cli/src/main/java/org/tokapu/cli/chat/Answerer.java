package org.tokapu.cli.chat;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Answers the last message of a conversation.
@FunctionalInterface
public interface Answerer {
  /// What came of it.
  ///
  /// @param text the whole answer
  /// @param tokens how many tokens it took; 0 if it was stopped before the first
  /// @param seconds the time from the first token to the last
  /// @param promptTokens how many tokens the model had to read before
  record Answer(String text, int tokens, double seconds, int promptTokens) {}

  /// Writes an answer piece by piece.
  ///
  /// @param messages `role` and `content` of each message
  /// @param out takes pieces of text as they come
  /// @param onStop takes what ends the answer where it is; to be called from any thread
  Answer answer(
      List<Map<String, Object>> messages, Consumer<String> out, Consumer<Runnable> onStop);
}
