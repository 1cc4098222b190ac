package org.tokapu.text.chat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tokapu.text.chat.jinja.Rendered;
import org.tokapu.text.chat.jinja.Template;
import org.tokapu.text.chat.jinja.Trusted;

/// The chat template of a model: it turns a conversation into the prompt that the model was trained
/// on. Immutable and thread-safe.
///
/// What a template takes is found by rendering a few probes when it is parsed ([Abilities]), and
/// conversations are adapted to it where they would otherwise be refused or lost:
///
/// - Text goes in as a string, or as a list of typed parts where only that comes out again. Lists
///   of text parts become one string, lines apart, where the template cannot read lists.
/// - A system message that the template refuses or leaves out goes in front of the first user
///   message, an empty line between.
/// - Arguments of tool calls that are a JSON text (as in OpenAI's API) become an object.
///
/// A template that loses what the user says is refused. Special tokens are recognised only in what
/// the template wrote ([ChatPrompt]); `bos_token` and its like, and the usual roles, count as the
/// template's; any other role must be a plain word and stays plain text.
public final class ChatTemplate {
  private final Template template;
  private final List<String> stops;
  private final Abilities abilities;

  private ChatTemplate(Template template, List<String> stops) {
    this.template = template;
    this.stops = List.copyOf(stops);
    this.abilities = Abilities.probe(template);
  }

  /// Parses a Jinja source and tries it out.
  ///
  /// @param name what messages call it
  /// @throws org.tokapu.text.chat.jinja.JinjaException if it is no valid template
  /// @throws org.tokapu.base.TokapuException if it loses the user's text
  public static ChatTemplate parse(String source, String name) {
    return parse(source, name, List.of());
  }

  /// As above, for a format whose answers end with one of the strings `stops`.
  public static ChatTemplate parse(String source, String name, List<String> stops) {
    return new ChatTemplate(Template.parse(source, name), stops);
  }

  /// Returns the name that messages use.
  public String name() {
    return template.name();
  }

  /// Returns the strings that end an answer besides the model's end tokens.
  public List<String> stops() {
    return stops;
  }

  /// Returns what the template can take.
  public Abilities abilities() {
    return abilities;
  }

  /// Renders a conversation.
  ///
  /// @throws org.tokapu.text.chat.jinja.JinjaException if the template fails or refuses
  /// @throws org.tokapu.base.TokapuException if a message is malformed
  public ChatPrompt render(ChatRequest request) {
    Map<String, @Nullable Object> variables = new HashMap<>();
    request.specialTokens().forEach((key, text) -> variables.put(key, new Trusted(text)));
    variables.putAll(request.variables());
    variables.put("messages", new Turns(name(), abilities).adapt(request.messages()));
    variables.put("add_generation_prompt", request.addGenerationPrompt());
    if (!request.tools().isEmpty()) {
      variables.put("tools", request.tools());
    }
    Rendered rendered = template.render(variables, request.clock());
    return new ChatPrompt(rendered.text(), rendered.foreign());
  }
}
