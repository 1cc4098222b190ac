package org.tokapu.text.chat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.ModelFormatException;
import org.tokapu.base.TokapuException;
import org.tokapu.base.json.Json;
import org.tokapu.text.chat.jinja.Trusted;

/// Checks messages and brings them into the form that a template takes.
final class Turns {
  /// Roles of which templates build their own markers, such as `<|user|>`; a client can choose no
  /// word here that is more than a role.
  private static final Set<String> ROLES =
      Set.of(
          "system",
          "developer",
          "user",
          "assistant",
          "tool",
          "function",
          "ipython",
          "model",
          "observation",
          "environment");

  private static final Pattern WORD = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,39}");

  private final String template;
  private final Abilities abilities;

  Turns(String template, Abilities abilities) {
    this.template = template;
    this.abilities = abilities;
  }

  List<Map<String, @Nullable Object>> adapt(List<Map<String, @Nullable Object>> messages) {
    List<Map<String, @Nullable Object>> turns = new ArrayList<>(messages.size());
    int number = 0;
    for (Map<String, @Nullable Object> message : messages) {
      turns.add(turn(message, ++number));
    }
    return abilities.system() ? turns : merged(turns);
  }

  private Map<String, @Nullable Object> turn(Map<String, @Nullable Object> message, int number) {
    Map<String, @Nullable Object> turn = new LinkedHashMap<>(message);
    turn.put("role", role(message.get("role"), number));
    if (message.containsKey("content")) {
      turn.put("content", content(message.get("content"), number));
    }
    if (message.get("tool_calls") instanceof List<?> calls) {
      List<@Nullable Object> adapted = new ArrayList<>();
      calls.forEach(call -> adapted.add(call(call)));
      turn.put("tool_calls", adapted);
    }
    return turn;
  }

  private static Object role(@Nullable Object role, int number) {
    if (!(role instanceof String word) || !WORD.matcher(word).matches()) {
      throw new TokapuException(
          "message "
              + number
              + " has the role "
              + (role == null ? "null" : "'" + role + "'")
              + ": a role is one plain word, such as user, assistant, system or tool");
    }
    return ROLES.contains(word) ? new Trusted(word) : word;
  }

  private @Nullable Object content(@Nullable Object content, int number) {
    if (content instanceof String text) {
      return abilities.plainText() ? text : List.of(Message.textPart(text));
    }
    if (content instanceof List<?> parts && !abilities.parts()) {
      StringBuilder text = new StringBuilder();
      for (Object part : parts) {
        if (!(part instanceof Map<?, ?> map) || !(map.get("text") instanceof String piece)) {
          throw new TokapuException(
              "message "
                  + number
                  + " has a part that is no text: "
                  + template
                  + " takes text only");
        }
        text.append(text.isEmpty() ? "" : "\n").append(piece);
      }
      return text.toString();
    }
    return content;
  }

  private static @Nullable Object call(@Nullable Object call) {
    if (!(call instanceof Map<?, ?> outer)
        || !(outer.get("function") instanceof Map<?, ?> function)
        || !(function.get("arguments") instanceof String text)
        || !(object(text) instanceof Map<?, ?> arguments)) {
      return call;
    }
    Map<Object, @Nullable Object> inner = new LinkedHashMap<>(function);
    inner.put("arguments", arguments);
    Map<Object, @Nullable Object> adapted = new LinkedHashMap<>(outer);
    adapted.put("function", inner);
    return adapted;
  }

  private static @Nullable Object object(String text) {
    try {
      return text.startsWith("{") ? Json.parse(text, "arguments") : null;
    } catch (ModelFormatException e) {
      // A text that is no JSON is what the model wrote: the template shows it as it is.
      return null;
    }
  }

  /// Puts the text of a first system message in front of the first user message.
  private static List<Map<String, @Nullable Object>> merged(
      List<Map<String, @Nullable Object>> turns) {
    Trusted system = new Trusted("system");
    Trusted user = new Trusted("user");
    if (turns.isEmpty() || !system.equals(turns.getFirst().get("role"))) {
      return turns;
    }
    List<Map<String, @Nullable Object>> rest = new ArrayList<>(turns.subList(1, turns.size()));
    Object said = turns.getFirst().get("content");
    for (int i = 0; i < rest.size(); i++) {
      if (user.equals(rest.get(i).get("role"))) {
        Map<String, @Nullable Object> turn = new LinkedHashMap<>(rest.get(i));
        turn.put("content", together(said, turn.get("content")));
        rest.set(i, turn);
        return rest;
      }
    }
    return turns;
  }

  private static @Nullable Object together(@Nullable Object first, @Nullable Object second) {
    if (first instanceof String a && second instanceof String b) {
      return a + "\n\n" + b;
    }
    List<@Nullable Object> parts = new ArrayList<>();
    parts.addAll(first instanceof List<?> a ? a : List.of(Message.textPart(first + "\n\n")));
    parts.addAll(second instanceof List<?> b ? b : List.of(Message.textPart("" + second)));
    return parts;
  }
}
