package org.tokapu.text.chat.jinja;

import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.TokapuException;

/// A parsed Jinja template. Immutable and thread-safe.
///
/// It renders as Jinja 3.1 does in the environment of Hugging Face's `apply_chat_template`:
/// immutable sandbox, `trim_blocks`, `lstrip_blocks`, `break` and `continue`, `{% generation %}`
/// that only renders its body, `tojson` that is Python's `json.dumps`, `raise_exception` and
/// `strftime_now`. Templates that load others, `i18n` and HTML escaping by itself are not there.
///
/// Every char of the result is known to come from the template or from a variable: see [Rendered].
public final class Template {
  /// Longer sources are refused; real templates have at most some tens of thousands of chars.
  private static final int MAX_SOURCE = 1 << 20;

  private final String name;
  private final Statement.Body body;

  private Template(String name, Statement.Body body) {
    this.name = name;
    this.body = body;
  }

  /// Parses a template.
  ///
  /// @param name what messages call it
  /// @throws JinjaException with the line, if it is no valid template
  public static Template parse(String source, String name) {
    try {
      if (source.length() > MAX_SOURCE) {
        throw new Failure("is longer than " + MAX_SOURCE + " characters");
      }
      return new Template(name, Parser.parse(source));
    } catch (Failure failure) {
      throw new JinjaException(name, failure);
    }
  }

  /// Returns the name that messages use.
  public String name() {
    return name;
  }

  /// Renders with variables: plain JSON values (`Map`, `List`, `String`, `Number`, `Boolean`, null)
  /// and [Trusted].
  ///
  /// @param clock the time of `strftime_now`, in its zone
  /// @throws JinjaException if the template fails, refuses, or wants too much time or memory
  public Rendered render(Map<String, ? extends @Nullable Object> variables, Clock clock) {
    Conversion conversion = new Conversion();
    Map<String, Value> values = new HashMap<>();
    variables.forEach((key, value) -> values.put(key, conversion.of(value)));
    Render render = new Render(new Budget(conversion.chars()), clock);
    try {
      Text out = render.text();
      // What the template assigns goes to a scope inside of its variables, as in Jinja.
      body.run(new Scope(render, values).inner(), out);
      Str result = out.build();
      return new Rendered(result.text(), result.foreign().clone());
    } catch (Failure failure) {
      throw new JinjaException(name, failure);
    } catch (StackOverflowError e) {
      throw new TokapuException(
          "the template " + name + " is nested too deeply for this thread's stack", e);
    }
  }
}
