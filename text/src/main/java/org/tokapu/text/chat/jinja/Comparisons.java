package org.tokapu.text.chat.jinja;

import java.util.List;

/// `==`, `<`, `in` and their like.
final class Comparisons {
  private Comparisons() {}

  static boolean holds(String operator, Value left, Value right, Budget budget) {
    return switch (operator) {
      case "==" -> equal(left, right, budget);
      case "!=" -> !equal(left, right, budget);
      case "in" -> contains(right, left, budget);
      case "not in" -> !contains(right, left, budget);
      case "<" -> order(left, right, operator, budget) < 0;
      case "<=" -> order(left, right, operator, budget) <= 0;
      case ">" -> order(left, right, operator, budget) > 0;
      default -> order(left, right, operator, budget) >= 0;
    };
  }

  static boolean equal(Value left, Value right, Budget budget) {
    pay(left, right, budget);
    return left.equals(right);
  }

  private static void pay(Value left, Value right, Budget budget) {
    if (left instanceof Str a && right instanceof Str b) {
      budget.scan(Math.min(a.length(), b.length()));
    } else {
      budget.steps(Math.min(left.weight(), right.weight()));
    }
  }

  /// Returns whether `item in container`.
  static boolean contains(Value container, Value item, Budget budget) {
    return switch (container) {
      case Str s -> {
        if (item instanceof Undefined u) {
          throw u.failure();
        }
        if (!(item instanceof Str part)) {
          throw new Failure("'in <string>' requires string as left operand, not " + item.type());
        }
        budget.search(s.length(), part.length());
        yield s.text().contains(part.text());
      }
      case Dict d -> d.get(Dict.key(item, budget)) != null;
      case Seq s -> {
        budget.steps(s.weight());
        yield s.iterate().contains(item);
      }
      case Undefined _ -> false;
      case Num _, None _, Thing _ ->
          throw new Failure("argument of type '" + container.type() + "' is not iterable");
    };
  }

  /// Orders two values; those that Python cannot order are an error.
  static int order(Value left, Value right, String operator, Budget budget) {
    if (left instanceof Num a && right instanceof Num b) {
      return a.compare(b);
    }
    if (left instanceof Str a && right instanceof Str b) {
      budget.scan(Math.min(a.length(), b.length()));
      return compare(a.text(), b.text());
    }
    if (left instanceof Seq a
        && right instanceof Seq b
        && a.isIndexed()
        && a.type().equals(b.type())) {
      return order(a.items(), b.items(), operator, budget);
    }
    if (left instanceof Undefined u) {
      throw u.failure();
    }
    if (right instanceof Undefined u) {
      throw u.failure();
    }
    throw new Failure(
        "'"
            + operator
            + "' not supported between instances of '"
            + left.type()
            + "' and '"
            + right.type()
            + "'");
  }

  private static int order(List<Value> left, List<Value> right, String operator, Budget budget) {
    int common = Math.min(left.size(), right.size());
    for (int i = 0; i < common; i++) {
      budget.step();
      if (!equal(left.get(i), right.get(i), budget)) {
        return order(left.get(i), right.get(i), operator, budget);
      }
    }
    return Integer.compare(left.size(), right.size());
  }

  /// Compares by code points.
  private static int compare(String left, String right) {
    int common = Math.min(left.length(), right.length());
    for (int i = 0; i < common; i++) {
      char a = left.charAt(i);
      char b = right.charAt(i);
      if (a != b) {
        boolean surrogates = Character.isSurrogate(a) || Character.isSurrogate(b);
        return surrogates && Character.isSurrogate(a) != Character.isSurrogate(b)
            ? (Character.isSurrogate(a) ? 1 : -1)
            : Character.compare(a, b);
      }
    }
    return Integer.compare(left.length(), right.length());
  }
}
