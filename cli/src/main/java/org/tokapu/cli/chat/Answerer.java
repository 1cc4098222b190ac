package org.tokapu.cli.chat;

import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// Answers the last message of a conversation.
@FunctionalInterface
public interface Answerer {
  /// What came of it.
  ///
  /// @param text the whole answer
  /// @param tokens how many tokens it took
  /// @param seconds the time from the first token to the last
  /// @param promptTokens how many tokens the model had to read before
  record Answer(String text, int tokens, double seconds, int promptTokens) {}

  /// Writes an answer piece by piece.
  ///
  /// @param messages `role` and `content` of each message
  /// @param out takes pieces of text as they come
  /// @param stopped asked between tokens; once true, the answer ends where it is
  Answer answer(List<Map<String, Object>> messages, Consumer<String> out, BooleanSupplier stopped);
}
