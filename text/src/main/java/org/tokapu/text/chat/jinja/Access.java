package org.tokapu.text.chat.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// `value.name` and `value[index]`, as a sandboxed environment of Jinja does them.
final class Access {
  private Access() {}

  /// Returns an attribute, else the item of that name, else something undefined.
  static Value attribute(Value value, String name, Str key, Budget budget) {
    if (value instanceof Undefined u) {
      throw u.failure();
    }
    Value found = member(value, name);
    if (found == null && value instanceof Dict dict) {
      found = dict.get(key);
    }
    return found == null ? Undefined.attribute(value, name) : found;
  }

  /// Returns an item, else the attribute of that name, else something undefined.
  static Value item(Value value, Value index, Budget budget) {
    Value found =
        switch (value) {
          case Undefined u -> throw u.failure();
          case Dict dict -> dict.get(Dict.key(index, budget));
          case Seq seq -> seq.isIndexed() ? element(seq.items(), index) : null;
          case Str s -> index instanceof Num n && !n.isReal() ? point(s, n.index(), budget) : null;
          case Num _, None _, Thing _ -> null;
        };
    if (found == null && index instanceof Str name) {
      found = member(value, name.text());
    }
    return found == null ? Undefined.element(value, index) : found;
  }

  private static @Nullable Value element(List<Value> items, Value index) {
    if (!(index instanceof Num n) || n.isReal()) {
      return null;
    }
    long i = n.index() < 0 ? n.index() + items.size() : n.index();
    return i >= 0 && i < items.size() ? items.get((int) i) : null;
  }

  private static @Nullable Value point(Str value, long index, Budget budget) {
    budget.scan(value.length());
    int points = value.points();
    long i = index < 0 ? index + points : index;
    if (i < 0 || i >= points) {
      return null;
    }
    int start = value.charAt((int) i);
    return value.slice(start, start + Character.charCount(value.text().codePointAt(start)));
  }

  /// Returns what Python's `getattr` finds, or null.
  private static @Nullable Value member(Value value, String name) {
    if (name.startsWith("__")) {
      return name.equals("__class__") || name.equals("__dict__")
          ? Undefined.forbidden(value, name)
          : null;
    }
    return switch (value) {
      case Str s -> StringMethods.of(s, name);
      case Dict d -> ContainerMethods.of(d, name);
      case Seq s -> ContainerMethods.of(s, name);
      case Thing t -> t.attribute(name);
      case Num _, None _, Undefined _ -> null;
    };
  }
}
