package org.tokapu.text.chat.jinja;

import org.jspecify.annotations.Nullable;

/// Something with a behaviour of its own: a function, a macro, a loop, a namespace.
non-sealed interface Thing extends Value {
  /// Returns an attribute, or null if it has none of that name.
  default @Nullable Value attribute(String name) {
    return null;
  }

  /// Returns whether [#call] does something.
  default boolean isCallable() {
    return true;
  }

  /// Calls it.
  default Value call(Render render, Arguments arguments) {
    throw new Failure("'" + type() + "' object is not callable");
  }

  @Override
  default boolean truth() {
    return true;
  }
}
