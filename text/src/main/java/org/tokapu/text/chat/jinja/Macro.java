package org.tokapu.text.chat.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A macro, with the scope that it was defined in.
record Macro(Definition definition, Scope around) implements Thing {
  /// A macro as it is written.
  ///
  /// @param defaults one a parameter; null where it has none
  /// @param used the variables that it reads: `varargs`, `kwargs` and `caller` exist if used
  /// @param levels how deep its body is nested
  record Definition(
      String name,
      List<String> parameters,
      List<@Nullable Expression> defaults,
      Statement.Body body,
      Set<String> used,
      int levels) {}

  @Override
  public Value call(Render render, Arguments arguments) {
    Scope scope = around.inner();
    bind(scope, arguments, render);
    render.budget().enter(definition.levels);
    Str result = definition.body.capture(scope);
    render.budget().leave(definition.levels);
    return result;
  }

  private void bind(Scope scope, Arguments arguments, Render render) {
    List<String> parameters = definition.parameters;
    List<Value> positional = arguments.positional();
    Map<String, Value> rest = new LinkedHashMap<>(arguments.named());
    for (int i = 0; i < parameters.size(); i++) {
      String name = parameters.get(i);
      Value value = i < positional.size() ? positional.get(i) : rest.remove(name);
      Expression otherwise = definition.defaults.get(i);
      if (value == null) {
        value =
            otherwise == null
                ? new Undefined("parameter '" + name + "' was not provided", false)
                : otherwise.eval(scope);
      }
      scope.set(name, value);
    }
    if (definition.used.contains("caller") && !parameters.contains("caller")) {
      Value caller = rest.remove("caller");
      scope.set("caller", caller == null ? new Undefined("No caller defined", false) : caller);
    }
    bindRest(scope, positional, rest, render);
  }

  private void bindRest(
      Scope scope, List<Value> positional, Map<String, Value> rest, Render render) {
    int count = definition.parameters.size();
    if (definition.used.contains("kwargs")) {
      LinkedHashMap<Value, Value> entries = new LinkedHashMap<>();
      rest.forEach((name, value) -> entries.put(Str.own(name), value));
      scope.set("kwargs", new Dict(entries));
    } else if (!rest.isEmpty()) {
      throw new Failure(
          "macro '"
              + definition.name
              + "' takes no keyword argument '"
              + rest.keySet().iterator().next()
              + "'");
    }
    boolean more = positional.size() > count;
    if (definition.used.contains("varargs")) {
      render.budget().items(positional.size());
      List<Value> extra = more ? positional.subList(count, positional.size()) : List.of();
      scope.set("varargs", Seq.tuple(new ArrayList<>(extra)));
    } else if (more) {
      throw new Failure(
          "macro '" + definition.name + "' takes not more than " + count + " argument(s)");
    }
  }

  @Override
  public @Nullable Value attribute(String name) {
    return switch (name) {
      case "name" -> Str.own(definition.name);
      case "arguments" -> Seq.tuple(definition.parameters.stream().<Value>map(Str::own).toList());
      case "catch_kwargs" -> Num.of(definition.used.contains("kwargs"));
      case "catch_varargs" -> Num.of(definition.used.contains("varargs"));
      case "caller" -> Num.of(definition.used.contains("caller"));
      default -> null;
    };
  }

  @Override
  public String type() {
    return "jinja2.runtime.Macro";
  }
}
