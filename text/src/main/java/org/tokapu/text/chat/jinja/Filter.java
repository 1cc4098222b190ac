package org.tokapu.text.chat.jinja;

/// `value|name(arguments)`.
@FunctionalInterface
interface Filter {
  Value apply(Render render, Value value, Arguments arguments);
}
