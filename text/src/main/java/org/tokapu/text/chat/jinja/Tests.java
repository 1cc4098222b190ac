package org.tokapu.text.chat.jinja;

import static java.util.Map.entry;

import java.util.Map;

/// The tests after `is`.
final class Tests {
  /// `value is name(arguments)`.
  @FunctionalInterface
  interface Test {
    boolean holds(Render render, Value value, Arguments arguments);
  }

  static final Map<String, Test> ALL =
      Map.ofEntries(
          entry("defined", (_, v, _) -> !(v instanceof Undefined)),
          entry("undefined", (_, v, _) -> v instanceof Undefined),
          entry("none", (_, v, _) -> v instanceof None),
          entry("boolean", (_, v, _) -> v instanceof Num.Bool),
          entry("true", (_, v, _) -> v instanceof Num.Bool && v.truth()),
          entry("false", (_, v, _) -> v instanceof Num.Bool && !v.truth()),
          entry("integer", (_, v, _) -> v instanceof Num.Int || v instanceof Num.Big),
          entry("float", (_, v, _) -> v instanceof Num.Real),
          entry("number", (_, v, _) -> v instanceof Num),
          entry("string", (_, v, _) -> v instanceof Str),
          entry("mapping", (_, v, _) -> v instanceof Dict),
          entry("sequence", (_, v, _) -> isSequence(v)),
          entry("iterable", (_, v, _) -> isIterable(v)),
          entry("callable", (_, v, _) -> v instanceof Thing t && t.isCallable()),
          entry("escaped", (_, v, _) -> v instanceof Str s && s.isMarkup()),
          entry("sameas", (_, v, a) -> same(v, other("sameas", a))),
          entry("odd", (_, v, _) -> remainder(v, Num.of(2)).equals(Num.of(1))),
          entry("even", (_, v, _) -> remainder(v, Num.of(2)).equals(Num.of(0))),
          entry("divisibleby", (_, v, a) -> !remainder(v, other("divisibleby", a)).truth()),
          entry("upper", (r, v, _) -> StringMethods.isCase(r, r.str(v), true)),
          entry("lower", (r, v, _) -> StringMethods.isCase(r, r.str(v), false)),
          entry("filter", (_, v, _) -> v instanceof Str s && Filters.ALL.containsKey(s.text())),
          entry("test", (_, v, _) -> v instanceof Str s && isTest(s.text())),
          entry("in", comparison("in")),
          entry("==", comparison("==")),
          entry("eq", comparison("==")),
          entry("equalto", comparison("==")),
          entry("!=", comparison("!=")),
          entry("ne", comparison("!=")),
          entry("<", comparison("<")),
          entry("lt", comparison("<")),
          entry("lessthan", comparison("<")),
          entry("<=", comparison("<=")),
          entry("le", comparison("<=")),
          entry(">", comparison(">")),
          entry("gt", comparison(">")),
          entry("greaterthan", comparison(">")),
          entry(">=", comparison(">=")),
          entry("ge", comparison(">=")));

  private Tests() {}

  private static boolean isTest(String name) {
    return ALL.containsKey(name);
  }

  private static Test comparison(String operator) {
    return (render, value, arguments) ->
        Comparisons.holds(operator, value, other(operator, arguments), render.budget());
  }

  private static Value other(String test, Arguments arguments) {
    return arguments.bind(test, 1, "other").value(0);
  }

  private static boolean isSequence(Value value) {
    return switch (value) {
      case Str _, Dict _, Undefined _ -> true;
      case Seq s -> s.isIndexed();
      case Num _, None _, Thing _ -> false;
    };
  }

  private static boolean isIterable(Value value) {
    return switch (value) {
      case Str _, Dict _, Undefined _, Seq _ -> true;
      case Num _, None _, Thing _ -> false;
    };
  }

  @SuppressWarnings("ReferenceEquality") // that is what `is sameas` asks
  private static boolean same(Value a, Value b) {
    return a == b || a instanceof Num && a.type().equals(b.type()) && a.equals(b);
  }

  private static Value remainder(Value value, Value divisor) {
    if (value instanceof Undefined u) {
      throw u.failure();
    }
    if (!(value instanceof Num n) || !(divisor instanceof Num by)) {
      throw new Failure("'" + value.type() + "' is no number to divide");
    }
    return Operators.number("%", n, by);
  }
}
