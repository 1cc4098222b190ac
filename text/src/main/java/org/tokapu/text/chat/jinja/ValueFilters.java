package org.tokapu.text.chat.jinja;

import static java.util.Map.entry;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tokapu.text.chat.jinja.Arguments.Bound;

/// Filters on numbers and on any value.
final class ValueFilters {
  static final Map<String, Filter> ALL =
      Map.ofEntries(
          entry("default", ValueFilters::otherwise),
          entry("d", ValueFilters::otherwise),
          entry("attr", ValueFilters::attribute),
          entry("int", ValueFilters::integer),
          entry("float", ValueFilters::real),
          entry("abs", ValueFilters::absolute),
          entry("round", ValueFilters::round),
          entry("pprint", (r, v, _) -> Repr.repr(v, r.budget())),
          entry("tojson", ValueFilters::json));

  private ValueFilters() {}

  private static Value otherwise(Render r, Value v, Arguments a) {
    Bound bound = a.bind("default", 0, "default_value", "boolean");
    boolean missing = v instanceof Undefined || bound.flag(1, false) && !v.truth();
    return missing ? bound.value(0, Str.EMPTY) : v;
  }

  private static Value attribute(Render r, Value v, Arguments a) {
    String name = a.bind("attr", 1, "name").string(0).text();
    // The filter looks at attributes alone: the items of a mapping are none.
    Value of = v instanceof Dict ? new Dict(new java.util.LinkedHashMap<>()) : v;
    return Access.attribute(of, name, Str.own(name), r.budget());
  }

  private static Value integer(Render r, Value v, Arguments a) {
    Bound bound = a.bind("int", 0, "default", "base");
    Value otherwise = bound.value(0, Num.of(0));
    return switch (v) {
      case Num n when n.isReal() && !Double.isFinite(n.real()) -> otherwise;
      case Num n -> Num.of(n.big());
      case Str s -> {
        r.budget().scan(s.length());
        Num value = parseInteger(s.text().strip(), bound.integer(1, 10));
        yield value == null ? otherwise : value;
      }
      case Undefined u -> throw u.failure();
      case Seq _, Dict _, None _, Thing _ -> otherwise;
    };
  }

  private static @Nullable Num parseInteger(String text, int base) {
    if (text.length() > 4_000 || base != 0 && (base < 2 || base > 36)) {
      return null;
    }
    int sign = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
    String digits = text.substring(sign).toLowerCase(java.util.Locale.ROOT);
    int radix = base;
    String prefix = digits.length() > 2 ? digits.substring(0, 2) : "";
    int named = prefix.equals("0x") ? 16 : prefix.equals("0o") ? 8 : prefix.equals("0b") ? 2 : 0;
    if (named != 0 && (base == 0 || base == named)) {
      digits = digits.substring(2);
      radix = named;
    }
    try {
      boolean odd = digits.startsWith("-") || digits.startsWith("+") || digits.contains("__");
      boolean edge = digits.startsWith("_") || digits.endsWith("_");
      if (!odd && !edge) {
        BigInteger value = new BigInteger(digits.replace("_", ""), radix == 0 ? 10 : radix);
        return Num.of(text.startsWith("-") ? value.negate() : value);
      }
    } catch (NumberFormatException e) {
      // Not an integer: it may still be a float that can be cut.
    }
    Double real = parseReal(text);
    return real == null || !Double.isFinite(real) ? null : Num.of(Num.of(real).big());
  }

  private static @Nullable Double parseReal(String text) {
    String plain = text.strip().toLowerCase(java.util.Locale.ROOT);
    switch (plain) {
      case "inf", "+inf", "infinity", "+infinity" -> {
        return Double.POSITIVE_INFINITY;
      }
      case "-inf", "-infinity" -> {
        return Double.NEGATIVE_INFINITY;
      }
      case "nan", "+nan", "-nan" -> {
        return Double.NaN;
      }
      default -> {}
    }
    boolean number = !plain.isEmpty() && plain.length() < 4_000;
    for (int i = 0; i < plain.length() && number; i++) {
      number = "0123456789.+-e_".indexOf(plain.charAt(i)) >= 0;
    }
    try {
      return number ? Double.valueOf(plain.replace("_", "")) : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static Value real(Render r, Value v, Arguments a) {
    Value otherwise = a.bind("float", 0, "default").value(0, Num.of(0.0));
    return switch (v) {
      case Num n -> Num.of(n.real());
      case Str s -> {
        r.budget().scan(s.length());
        Double value = parseReal(s.text());
        yield value == null ? otherwise : Num.of(value);
      }
      case Undefined u -> throw u.failure();
      case Seq _, Dict _, None _, Thing _ -> otherwise;
    };
  }

  private static Num number(Value v, String filter) {
    if (v instanceof Undefined u) {
      throw u.failure();
    }
    if (!(v instanceof Num n)) {
      throw new Failure(filter + " needs a number, not '" + v.type() + "'");
    }
    return n;
  }

  private static Value absolute(Render r, Value v, Arguments a) {
    Num n = number(v, "abs");
    return n.isReal() ? Num.of(Math.abs(n.real())) : Num.of(n.big().abs());
  }

  private static Value round(Render r, Value v, Arguments a) {
    Bound bound = a.bind("round", 0, "precision", "method");
    int precision = bound.integer(0, 0);
    Num n = number(v, "round");
    return switch (bound.string(1, Str.own("common")).text()) {
      case "common" ->
          n.isReal()
              ? Num.of(Floats.round(n.real(), precision))
              : precision >= 0
                  ? Num.of(n.big())
                  : Num.of(Num.of(Floats.round(n.real(), precision)).big());
      case "ceil" -> scaled(Math.ceil(n.real() * Math.pow(10, precision)), precision);
      case "floor" -> scaled(Math.floor(n.real() * Math.pow(10, precision)), precision);
      default -> throw new Failure("method must be common, ceil or floor");
    };
  }

  private static Num scaled(double value, int precision) {
    return Num.of(value / Math.pow(10, precision));
  }

  private static Value json(Render r, Value v, Arguments a) {
    Bound bound = a.bind("tojson", 0, "ensure_ascii", "indent", "separators", "sort_keys");
    List<Str> separators = null;
    if (bound.value(2, None.NONE) instanceof Seq pair && pair.items().size() == 2) {
      separators = new ArrayList<>();
      for (Value one : pair.items()) {
        separators.add(r.str(one));
      }
    }
    return new PythonJson(
            r.budget(), bound.flag(0, false), bound.flag(3, false), indent(bound), separators)
        .write(v);
  }

  private static @Nullable Str indent(Bound bound) {
    Value indent = bound.value(1, None.NONE);
    if (indent == None.NONE) {
      return null;
    }
    if (indent instanceof Str s) {
      return s;
    }
    int width = bound.integer(1, 0);
    if (width > FormatSpec.MAX_WIDTH) {
      throw new Failure("an indent is wider than " + FormatSpec.MAX_WIDTH);
    }
    return Str.own(" ".repeat(Math.max(0, width)));
  }
}
