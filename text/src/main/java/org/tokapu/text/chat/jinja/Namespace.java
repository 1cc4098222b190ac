package org.tokapu.text.chat.jinja;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `namespace(...)`: the one thing whose attributes a template can set.
final class Namespace implements Thing {
  private final Map<String, Value> attributes = new HashMap<>();

  void set(String name, Value value) {
    attributes.put(name, value);
  }

  @Override
  public @Nullable Value attribute(String name) {
    return attributes.get(name);
  }

  @Override
  public boolean isCallable() {
    return false;
  }

  @Override
  public String type() {
    return "jinja2.utils.Namespace";
  }
}
