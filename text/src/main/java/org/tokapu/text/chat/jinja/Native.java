package org.tokapu.text.chat.jinja;

/// A function written in Java.
///
/// @param name for messages
/// @param body what it does
record Native(String name, Body body) implements Thing {
  /// The body of a function.
  @FunctionalInterface
  interface Body {
    Value call(Render render, Arguments arguments);
  }

  @Override
  public Value call(Render render, Arguments arguments) {
    return body.call(render, arguments);
  }

  @Override
  public String type() {
    return "function";
  }
}
