package org.tokapu.text.chat.jinja;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The variables that can be seen at a place in a template; assignments go to the innermost scope.
final class Scope {
  private final Render render;
  private final @Nullable Scope parent;
  private @Nullable Map<String, Value> variables;

  Scope(Render render, Map<String, Value> variables) {
    this.render = render;
    this.parent = null;
    this.variables = variables;
  }

  private Scope(Scope parent) {
    this.render = parent.render;
    this.parent = parent;
  }

  Scope inner() {
    return new Scope(this);
  }

  Render render() {
    return render;
  }

  Budget budget() {
    return render.budget();
  }

  void set(String name, Value value) {
    if (variables == null) {
      variables = new HashMap<>(8);
    }
    variables.put(name, value);
  }

  /// Returns what `name` stands for, or null if nothing does.
  @Nullable Value find(String name) {
    for (Scope scope = this; scope != null; scope = scope.parent) {
      Value value = scope.variables == null ? null : scope.variables.get(name);
      if (value != null) {
        return value;
      }
    }
    return Globals.ALL.get(name);
  }
}
