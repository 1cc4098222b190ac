package org.tokapu.text.chat.jinja;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// JSON as Python's `json.dumps` writes it; strings keep their origin.
final class PythonJson {
  private final Text out;
  private final Budget budget;
  private final boolean ascii;
  private final boolean sorted;
  private final @Nullable Str indent;
  private final Str itemSeparator;
  private final Str keySeparator;

  /// @param indent what a level is indented by; null for all on one line
  /// @param separators between items and behind keys; null for the usual
  PythonJson(
      Budget budget,
      boolean ascii,
      boolean sorted,
      @Nullable Str indent,
      @Nullable List<Str> separators) {
    this.out = new Text(budget);
    this.budget = budget;
    this.ascii = ascii;
    this.sorted = sorted;
    this.indent = indent;
    this.itemSeparator =
        separators != null ? separators.get(0) : Str.own(indent == null ? ", " : ",");
    this.keySeparator = separators != null ? separators.get(1) : Str.own(": ");
  }

  Str write(Value value) {
    write(value, 0);
    return out.build();
  }

  private void write(Value value, int level) {
    budget.step();
    switch (value) {
      case Str s -> quote(s);
      case None _ -> out.append("null");
      case Num n -> out.append(number(n));
      case Dict d -> write(d, level);
      case Seq s when s.kind() == Seq.Kind.LIST || s.isTuple() -> write(s, level);
      case Seq _, Undefined _, Thing _ ->
          throw new Failure("Object of type " + value.type() + " is not JSON serializable");
    }
  }

  private static String number(Num n) {
    if (n instanceof Num.Bool) {
      return n.truth() ? "true" : "false";
    }
    if (n.isReal() && !Double.isFinite(n.real())) {
      return Double.isNaN(n.real()) ? "NaN" : n.real() > 0 ? "Infinity" : "-Infinity";
    }
    return n.toString();
  }

  private void write(Seq seq, int level) {
    List<Value> items = seq.items();
    out.append('[');
    for (int i = 0; i < items.size(); i++) {
      if (i > 0) {
        out.append(itemSeparator);
      }
      newLine(level + 1);
      write(items.get(i), level + 1);
    }
    if (!items.isEmpty()) {
      newLine(level);
    }
    out.append(']');
  }

  private void write(Dict dict, int level) {
    List<Value> keys = dict.keys();
    if (sorted) {
      keys.sort((a, b) -> Comparisons.order(a, b, "<", budget));
    }
    Map<Value, Value> entries = dict.entries();
    out.append('{');
    boolean first = true;
    for (Value key : keys) {
      if (!first) {
        out.append(itemSeparator);
      }
      first = false;
      newLine(level + 1);
      quote(name(key));
      out.append(keySeparator);
      Value value = entries.get(key);
      write(value == null ? None.NONE : value, level + 1);
    }
    if (!first) {
      newLine(level);
    }
    out.append('}');
  }

  private static Str name(Value key) {
    return switch (key) {
      case Str s -> s;
      case Num n -> Str.own(number(n));
      case None _ -> Str.own("null");
      case Seq _, Dict _, Undefined _, Thing _ ->
          throw new Failure("keys must be str, int, float, bool or None, not " + key.type());
    };
  }

  private void newLine(int level) {
    if (indent != null) {
      out.append('\n');
      for (int i = 0; i < level; i++) {
        out.append(indent);
      }
    }
  }

  private void quote(Str value) {
    String text = value.text();
    out.append('"');
    int done = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x20 && c != '"' && c != '\\' && (c < 0x7f || !ascii)) {
        continue;
      }
      out.append(value, done, i).append(escape(c), value.isForeign(i));
      done = i + 1;
    }
    out.append(value, done, text.length()).append('"');
  }

  private static String escape(char c) {
    return switch (c) {
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      case '\f' -> "\\f";
      case '\b' -> "\\b";
      default -> String.format("\\u%04x", (int) c);
    };
  }
}
