package org.tokapu.text.chat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.TokapuException;
import org.tokapu.text.chat.jinja.JinjaException;
import org.tokapu.text.chat.jinja.Template;
import org.tokapu.text.chat.jinja.Trusted;

/// What a template can take, found by rendering short conversations with unmistakable words.
///
/// @param plainText whether the text of a message may be a string
/// @param parts whether it may be a list of typed parts
/// @param system whether a system message is accepted and comes out
/// @param tools whether the tools of a request come out
public record Abilities(boolean plainText, boolean parts, boolean system, boolean tools) {
  private static final String USER = "Quokka7Ursine";
  private static final String ASSISTANT = "Axolotl3Amber";
  private static final String SYSTEM = "Serval9Sierra";
  private static final String TOOL = "tapir4tundra";
  private static final Clock NOON =
      Clock.fixed(Instant.parse("2026-01-01T12:00:00Z"), ZoneOffset.UTC);

  /// Probes a template.
  ///
  /// @throws TokapuException if the template renders and the words of the user are not in it
  static Abilities probe(Template template) {
    Map<String, @Nullable Object> user = message("user", USER);
    Map<String, @Nullable Object> typed = message("user", List.of(Message.textPart(USER)));
    Optional<String> plainOut = render(template, List.of(user), List.of());
    Optional<String> typedOut = render(template, List.of(typed), List.of());
    boolean plain = plainOut.isPresent() && plainOut.get().contains(USER);
    boolean parts =
        typedOut.isPresent() && typedOut.get().contains(USER) && !quoted(typedOut.get());
    if (!plain && !parts && (plainOut.isPresent() || typedOut.isPresent())) {
      throw lost(template, "what the user says");
    }
    Object system = plain || !parts ? SYSTEM : List.of(Message.textPart(SYSTEM));
    Map<String, @Nullable Object> asked = plain || !parts ? user : typed;
    Optional<String> systemOut =
        render(template, List.of(message("system", system), asked), List.of());
    boolean takesSystem = systemOut.isPresent() && systemOut.get().contains(SYSTEM);
    checkHistory(template, asked, plain || !parts);
    // Without any answer from the template nothing is known: then nothing is adapted, and the
    // template's own error is what the user sees.
    boolean known = plain || parts;
    return new Abilities(
        plain || !known, parts || !known, takesSystem || !known, takesTools(template, asked));
  }

  private static void checkHistory(
      Template template, Map<String, @Nullable Object> asked, boolean plain) {
    Object said = plain ? ASSISTANT : List.of(Message.textPart(ASSISTANT));
    Optional<String> out =
        render(template, List.of(asked, message("assistant", said), asked), List.of());
    if (out.isPresent() && !out.get().contains(ASSISTANT)) {
      throw lost(template, "what the assistant said before");
    }
  }

  private static boolean takesTools(Template template, Map<String, @Nullable Object> asked) {
    Map<String, @Nullable Object> function = new HashMap<>();
    function.put("name", TOOL);
    function.put("description", "none");
    function.put("parameters", Map.of("type", "object", "properties", Map.of()));
    Map<String, @Nullable Object> tool = new HashMap<>();
    tool.put("type", "function");
    tool.put("function", function);
    Optional<String> out = render(template, List.of(asked), List.of(tool));
    return out.isPresent() && out.get().contains(TOOL);
  }

  /// Returns whether a list of parts was printed as a list.
  private static boolean quoted(String out) {
    return out.contains("'text': '" + USER) || out.contains("\"text\": \"" + USER);
  }

  private static TokapuException lost(Template template, String what) {
    return new TokapuException(
        "the chat template "
            + template.name()
            + " loses "
            + what
            + "; choose another one by --chat-template NAME (one of "
            + String.join(", ", ChatTemplates.names())
            + ") or give a corrected file");
  }

  private static Map<String, @Nullable Object> message(String role, Object content) {
    Map<String, @Nullable Object> message = new HashMap<>();
    message.put("role", new Trusted(role));
    message.put("content", content);
    return message;
  }

  private static Optional<String> render(
      Template template,
      List<Map<String, @Nullable Object>> messages,
      List<Map<String, @Nullable Object>> tools) {
    Map<String, @Nullable Object> variables = new HashMap<>();
    variables.put("messages", messages);
    variables.put("add_generation_prompt", true);
    variables.put("bos_token", new Trusted("<s>"));
    variables.put("eos_token", new Trusted("</s>"));
    if (!tools.isEmpty()) {
      variables.put("tools", tools);
    }
    try {
      return Optional.of(template.render(variables, NOON).text());
    } catch (JinjaException refused) {
      return Optional.empty();
    }
  }
}
