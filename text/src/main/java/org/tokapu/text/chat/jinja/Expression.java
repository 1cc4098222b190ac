package org.tokapu.text.chat.jinja;

/// A node of a template that has a value. Immutable and thread-safe.
@FunctionalInterface
interface Expression {
  Value eval(Scope scope);
}
