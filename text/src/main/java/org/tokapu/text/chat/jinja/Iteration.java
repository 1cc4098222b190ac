package org.tokapu.text.chat.jinja;

import java.util.ArrayList;
import java.util.List;

/// What `for` and its like go through.
final class Iteration {
  private Iteration() {}

  /// Returns the values that iterating over `value` yields.
  static List<Value> of(Value value, Budget budget) {
    return switch (value) {
      case Seq s -> s.iterate();
      case Dict d -> {
        budget.items(d.size());
        yield d.keys();
      }
      case Str s -> points(s, budget);
      case Undefined u -> {
        if (u.unsafe()) {
          throw u.failure();
        }
        yield List.of();
      }
      case Num _, None _, Thing _ ->
          throw new Failure("'" + value.type() + "' object is not iterable");
    };
  }

  private static List<Value> points(Str value, Budget budget) {
    String text = value.text();
    budget.items(text.length());
    List<Value> points = new ArrayList<>(text.length());
    for (int i = 0; i < text.length(); ) {
      int next = i + Character.charCount(text.codePointAt(i));
      points.add(value.slice(i, next));
      i = next;
    }
    return points;
  }
}
