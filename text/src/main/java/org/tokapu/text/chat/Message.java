package org.tokapu.text.chat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One turn of a conversation.
///
/// @param role who speaks: `system`, `user`, `assistant`, `tool`, or another plain word
/// @param parts the text, in one or several parts
/// @param toolCalls what an assistant asks for
/// @param toolCallId which call a tool answers
/// @param name the tool that answers, or the name of a speaker
/// @param reasoning what an assistant thought before it spoke
public record Message(
    String role,
    List<String> parts,
    List<ToolCall> toolCalls,
    Optional<String> toolCallId,
    Optional<String> name,
    Optional<String> reasoning) {
  /// Copies the lists.
  public Message {
    parts = List.copyOf(parts);
    toolCalls = List.copyOf(toolCalls);
  }

  /// Returns a turn of plain text.
  public static Message of(String role, String text) {
    return new Message(
        role, List.of(text), List.of(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  public static Message system(String text) {
    return of("system", text);
  }

  public static Message user(String text) {
    return of("user", text);
  }

  public static Message assistant(String text) {
    return of("assistant", text);
  }

  /// Returns an assistant's turn that asks for tools.
  public static Message assistant(String text, List<ToolCall> toolCalls) {
    return new Message(
        "assistant",
        List.of(text),
        toolCalls,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /// Returns the answer of a tool.
  public static Message tool(String toolCallId, String name, String text) {
    return new Message(
        "tool",
        List.of(text),
        List.of(),
        Optional.of(toolCallId),
        Optional.of(name),
        Optional.empty());
  }

  /// Returns the same turn with what the assistant thought before it.
  public Message withReasoning(String text) {
    return new Message(role, parts, toolCalls, toolCallId, name, Optional.of(text));
  }

  /// Returns the turn in the form of OpenAI's API, which templates read.
  public Map<String, @Nullable Object> toMap() {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("role", role);
    if (parts.size() == 1) {
      map.put("content", parts.getFirst());
    } else {
      List<Object> typed = new ArrayList<>();
      parts.forEach(part -> typed.add(textPart(part)));
      map.put("content", typed);
    }
    reasoning.ifPresent(text -> map.put("reasoning_content", text));
    if (!toolCalls.isEmpty()) {
      List<Object> calls = new ArrayList<>();
      for (ToolCall call : toolCalls) {
        Map<String, @Nullable Object> function = new LinkedHashMap<>();
        function.put("name", call.name());
        function.put("arguments", call.arguments());
        Map<String, @Nullable Object> entry = new LinkedHashMap<>();
        entry.put("id", call.id());
        entry.put("type", "function");
        entry.put("function", function);
        calls.add(entry);
      }
      map.put("tool_calls", calls);
    }
    toolCallId.ifPresent(id -> map.put("tool_call_id", id));
    name.ifPresent(text -> map.put("name", text));
    return map;
  }

  static Map<String, @Nullable Object> textPart(String text) {
    Map<String, @Nullable Object> part = new LinkedHashMap<>();
    part.put("type", "text");
    part.put("text", text);
    return part;
  }
}
