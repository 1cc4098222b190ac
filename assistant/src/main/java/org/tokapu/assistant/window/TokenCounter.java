package org.tokapu.assistant.window;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Counts the tokens of a whole prompt, with all that the chat template adds.
@FunctionalInterface
public interface TokenCounter {
  /// Returns the length in tokens of the prompt that asks for the next answer.
  ///
  /// @param messages in the form of OpenAI's API
  int count(List<Map<String, @Nullable Object>> messages);
}
