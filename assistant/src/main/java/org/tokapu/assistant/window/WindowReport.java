package org.tokapu.assistant.window;

import java.util.LinkedHashMap;
import java.util.Map;

/// What became of a conversation that was fitted into the context.
///
/// Tokens are differences of whole prompts, so that what the template adds to a message counts as
/// its own: `kept + summary = promptTokens`, and `kept + condensed + dropped` is what the whole
/// conversation would have taken.
///
/// @param strategy what was done if it did not fit
/// @param context how many tokens the model can see
/// @param reserved how many of these are kept for the answer
/// @param promptTokens length of the prompt
/// @param kept messages that are in the prompt as they were written
/// @param condensed messages that a summary stands for
/// @param dropped messages that left
/// @param summaryTokens what the summary takes; 0: there is none
public record WindowReport(
    Strategy strategy,
    int context,
    int reserved,
    int promptTokens,
    Share kept,
    Share condensed,
    Share dropped,
    int summaryTokens) {
  /// A part of a conversation.
  public record Share(int messages, int tokens) {
    /// No part of it.
    public static final Share NONE = new Share(0, 0);

    private Map<String, Object> toMap() {
      return Map.of("messages", messages, "tokens", tokens);
    }
  }

  /// Returns it as plain JSON values.
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("strategy", strategy.word());
    map.put("context", context);
    map.put("reserved", reserved);
    map.put("prompt_tokens", promptTokens);
    map.put("kept", kept.toMap());
    map.put("condensed", condensed.toMap());
    map.put("dropped", dropped.toMap());
    map.put("summary_tokens", summaryTokens);
    return map;
  }
}
