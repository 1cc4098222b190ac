package org.tokapu.text.chat;

import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a template is asked to render. Immutable; each `with` returns a changed copy.
///
/// @param messages the turns, in the form of OpenAI's API
/// @param tools JSON schemas of the tools, as they came
/// @param addGenerationPrompt whether the assistant is to speak next
/// @param variables more variables of the template (`enable_thinking`, `documents`, ...): plain
///   JSON values, whose text counts as the user's
/// @param specialTokens the model's special tokens by their names in templates (`bos_token`,
///   `eos_token`, `pad_token`, ...), which count as the template's own
/// @param clock the time that a template may show, in its zone
public record ChatRequest(
    List<Map<String, @Nullable Object>> messages,
    List<Map<String, @Nullable Object>> tools,
    boolean addGenerationPrompt,
    Map<String, ? extends @Nullable Object> variables,
    Map<String, String> specialTokens,
    Clock clock) {
  /// Returns a request for the assistant's next turn.
  public static ChatRequest of(List<Message> messages) {
    List<Map<String, @Nullable Object>> raw = new ArrayList<>();
    messages.forEach(message -> raw.add(message.toMap()));
    return ofMaps(raw);
  }

  /// Returns a request for the assistant's next turn, from messages as JSON has them.
  public static ChatRequest ofMaps(List<Map<String, @Nullable Object>> messages) {
    return new ChatRequest(
        List.copyOf(messages),
        List.of(),
        true,
        Map.of(),
        Map.of(),
        Clock.system(ZoneId.systemDefault()));
  }

  public ChatRequest withTools(List<Map<String, @Nullable Object>> schemas) {
    return new ChatRequest(
        messages, List.copyOf(schemas), addGenerationPrompt, variables, specialTokens, clock);
  }

  public ChatRequest withGenerationPrompt(boolean add) {
    return new ChatRequest(messages, tools, add, variables, specialTokens, clock);
  }

  /// Returns the same request with one more variable.
  public ChatRequest withVariable(String name, @Nullable Object value) {
    Map<String, @Nullable Object> more = new LinkedHashMap<>(variables);
    more.put(name, value);
    return new ChatRequest(messages, tools, addGenerationPrompt, more, specialTokens, clock);
  }

  public ChatRequest withSpecialTokens(Map<String, String> tokens) {
    return new ChatRequest(
        messages, tools, addGenerationPrompt, variables, Map.copyOf(tokens), clock);
  }

  public ChatRequest at(Clock time) {
    return new ChatRequest(messages, tools, addGenerationPrompt, variables, specialTokens, time);
  }
}
