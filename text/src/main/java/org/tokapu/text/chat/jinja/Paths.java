package org.tokapu.text.chat.jinja;

/// Attributes given as a path: `"function.name"`, `"0"`, `1`.
final class Paths {
  private Paths() {}

  /// Follows a path from `item`.
  static Value follow(Render render, Value item, Value path) {
    if (!(path instanceof Str s)) {
      return Access.item(item, path, render.budget());
    }
    Value value = item;
    int start = 0;
    String text = s.text();
    while (start <= text.length()) {
      int dot = text.indexOf('.', start);
      int end = dot < 0 ? text.length() : dot;
      String part = text.substring(start, end);
      render.budget().step();
      value = Access.item(value, index(part), render.budget());
      start = end + 1;
    }
    return value;
  }

  private static Value index(String part) {
    boolean number =
        !part.isEmpty() && part.length() < 10 && part.chars().allMatch(c -> c >= '0' && c <= '9');
    return number ? Num.of(Long.parseLong(part)) : Str.own(part);
  }
}
