package org.tokapu.server.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tokapu.server.http.ApiError;
import org.tokapu.server.http.RequestBody;

/// Reads the messages and tools of a chat request into what templates render.
final class MessageFields {
  private static final List<String> ROLES =
      List.of("developer", "system", "user", "assistant", "tool");
  private static final String TOOL_NAME = "[a-zA-Z0-9_-]{1,64}";

  private MessageFields() {}

  /// Takes `messages`.
  ///
  /// @throws ApiError 400 with the path to what is wrong
  static List<Map<String, @Nullable Object>> messages(RequestBody body) {
    if (!body.has("messages")) {
      throw body.missing("messages");
    }
    List<Map<String, @Nullable Object>> out = new ArrayList<>();
    for (RequestBody message : body.objects("messages")) {
      out.add(message(message));
    }
    if (out.isEmpty()) {
      throw body.wrong(
          "messages",
          "empty_array",
          "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.");
    }
    return out;
  }

  private static Map<String, @Nullable Object> message(RequestBody message) {
    String role = message.oneOf("role", ROLES).orElseThrow(() -> message.missing("role"));
    boolean assistant = role.equals("assistant");
    Map<String, @Nullable Object> out = new LinkedHashMap<>();
    out.put("role", role.equals("developer") ? "system" : role);
    List<Object> calls = assistant ? toolCalls(message) : List.of();
    Optional<String> refusal = assistant ? message.text("refusal") : Optional.empty();
    out.put("content", content(message, !calls.isEmpty()).or(() -> refusal).orElse(""));
    message.text("name").ifPresent(name -> out.put("name", name));
    if (assistant) {
      message.refuse("function_call", "it is deprecated; use tool_calls");
      message.refuse("audio", "this server has no audio models");
      message.text("reasoning_content").ifPresent(text -> out.put("reasoning_content", text));
      message.ignore("annotations"); // Clients send answers back as they got them.
      if (!calls.isEmpty()) {
        out.put("tool_calls", calls);
      }
    }
    if (role.equals("tool")) {
      out.put("tool_call_id", message.requireText("tool_call_id"));
    }
    message.end();
    return out;
  }

  private static Optional<String> content(RequestBody message, boolean mayBeAbsent) {
    if (!message.has("content")) {
      message.ignore("content");
      if (mayBeAbsent || message.has("refusal")) {
        return Optional.empty();
      }
      throw message.missing("content");
    }
    Object content = message.any("content");
    if (content instanceof String text) {
      return Optional.of(text);
    }
    if (!(content instanceof List<?>)) {
      throw message.wrongType("content", "a string or an array of objects");
    }
    List<String> texts = new ArrayList<>();
    for (RequestBody part : message.objects("content")) {
      texts.add(part(part));
    }
    return Optional.of(String.join("\n", texts));
  }

  private static String part(RequestBody part) {
    String type = part.requireText("type");
    String text =
        switch (type) {
          case "text" -> part.requireText("text");
          case "refusal" -> part.requireText("refusal");
          case "image_url", "input_audio", "file" ->
              throw part.wrong(
                  "type",
                  "unsupported_value",
                  "Parts of type '%s' are not supported: this server has text models only."
                      .formatted(type));
          default ->
              throw part.wrong(
                  "type",
                  "invalid_value",
                  "Invalid value: '%s'. Supported values are: text, refusal."
                      .formatted(type.length() > 50 ? type.substring(0, 50) + "..." : type));
        };
    part.end();
    return text;
  }

  private static List<Object> toolCalls(RequestBody message) {
    List<Object> out = new ArrayList<>();
    for (RequestBody call : message.objects("tool_calls")) {
      String id = call.requireText("id");
      call.oneOf("type", List.of("function"));
      RequestBody function = call.object("function").orElseThrow(() -> call.missing("function"));
      Map<String, @Nullable Object> called = new LinkedHashMap<>();
      called.put("name", function.requireText("name"));
      called.put("arguments", function.requireText("arguments"));
      function.end();
      call.end();
      Map<String, @Nullable Object> entry = new LinkedHashMap<>();
      entry.put("id", id);
      entry.put("type", "function");
      entry.put("function", called);
      out.add(entry);
    }
    return out;
  }

  /// Takes `tools`, and `tool_choice` where it leaves the choice to the model.
  ///
  /// @throws ApiError 400 with the path to what is wrong, or if a tool is forced
  static List<Map<String, @Nullable Object>> tools(RequestBody body) {
    List<Map<String, @Nullable Object>> out = new ArrayList<>();
    for (RequestBody tool : body.objects("tools")) {
      String type = tool.requireText("type");
      if (!type.equals("function")) {
        throw tool.wrong(
            "type", "unsupported_value", "Only tools of type 'function' are supported.");
      }
      RequestBody function = tool.object("function").orElseThrow(() -> tool.missing("function"));
      String name = function.requireText("name");
      if (!name.matches(TOOL_NAME)) {
        throw function.wrong(
            "name",
            "invalid_value",
            "The name of a function has 1 to 64 letters, digits, underscores and dashes.");
      }
      function.text("description");
      function.object("parameters");
      function.flag("strict");
      function.end();
      tool.end();
      out.add(tool.values());
    }
    Object choice = body.any("tool_choice");
    if (choice != null && !choice.equals("auto") && !choice.equals("none")) {
      throw body.wrong(
          "tool_choice",
          "unsupported_value",
          "A forced tool is not supported yet; 'tool_choice' may be 'auto' or 'none'.");
    }
    if (choice != null && out.isEmpty() && !choice.equals("none")) {
      throw body.wrong(
          "tool_choice", "invalid_value", "'tool_choice' is only allowed when 'tools' are given.");
    }
    return out;
  }
}
