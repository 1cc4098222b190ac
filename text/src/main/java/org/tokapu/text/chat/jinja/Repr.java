package org.tokapu.text.chat.jinja;

import java.util.List;
import java.util.Map;

/// Values as Python prints them: `str()` and `repr()`.
final class Repr {
  private Repr() {}

  /// Returns `str(value)`.
  static Str str(Value value, Budget budget) {
    return switch (value) {
      case Str s -> s;
      case Undefined _ -> Str.EMPTY;
      case Num n -> Str.own(n.toString());
      case None _ -> Str.own("None");
      case Seq _, Dict _, Thing _ -> repr(value, budget);
    };
  }

  /// Returns `repr(value)`.
  static Str repr(Value value, Budget budget) {
    Text out = new Text(budget);
    write(value, out, budget);
    return out.build();
  }

  private static void write(Value value, Text out, Budget budget) {
    budget.step();
    switch (value) {
      case Str s -> quote(s, out);
      case Seq s -> write(s, out, budget);
      case Dict d -> write(d, out, budget);
      case Num n -> out.append(n.toString());
      case None _ -> out.append("None");
      case Undefined _ -> out.append("Undefined");
      case Thing t -> out.append("<" + t.type() + ">");
    }
  }

  private static void write(Seq seq, Text out, Budget budget) {
    List<Value> items = seq.items();
    switch (seq.kind()) {
      case GENERATOR -> out.append("<generator object>");
      case KEYS, VALUES, ITEMS -> {
        out.append(seq.type()).append('(');
        write(items, '[', ']', out, budget);
        out.append(')');
      }
      case TUPLE, GROUP -> {
        if (items.size() == 1) {
          out.append('(');
          write(items.getFirst(), out, budget);
          out.append(",)");
        } else {
          write(items, '(', ')', out, budget);
        }
      }
      case LIST, RANGE -> write(items, '[', ']', out, budget);
    }
  }

  private static void write(List<Value> items, char open, char close, Text out, Budget budget) {
    out.append(open);
    boolean first = true;
    for (Value item : items) {
      if (!first) {
        out.append(", ");
      }
      first = false;
      write(item, out, budget);
    }
    out.append(close);
  }

  private static void write(Dict dict, Text out, Budget budget) {
    out.append('{');
    boolean first = true;
    for (Map.Entry<Value, Value> entry : dict.entries().entrySet()) {
      if (!first) {
        out.append(", ");
      }
      first = false;
      write(entry.getKey(), out, budget);
      out.append(": ");
      write(entry.getValue(), out, budget);
    }
    out.append('}');
  }

  /// Returns `repr` of a text.
  static String quoted(String text) {
    Text out = new Text(new Budget(text.length()));
    quote(Str.own(text), out);
    return out.build().text();
  }

  private static void quote(Str value, Text out) {
    String text = value.text();
    char mark = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
    if (value.isMarkup()) {
      out.append("Markup(");
    }
    out.append(mark);
    int done = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      int next = i + Character.charCount(c);
      String escape = escape(c, mark);
      if (!escape.isEmpty()) {
        out.append(value, done, i);
        out.append(escape, value.isForeign(i));
        done = next;
      }
      i = next;
    }
    out.append(value, done, text.length());
    out.append(mark);
    if (value.isMarkup()) {
      out.append(')');
    }
  }

  private static String escape(int c, char mark) {
    if (c == '\\' || c == mark) {
      return "\\" + (char) c;
    }
    return switch (c) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> printable(c) ? "" : hex(c);
    };
  }

  private static boolean printable(int c) {
    if (c >= 0x20 && c < 0x7f) {
      return true;
    }
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SPACE_SEPARATOR ->
          false;
      default -> true;
    };
  }

  private static String hex(int c) {
    return c <= 0xff
        ? String.format("\\x%02x", c)
        : c <= 0xffff ? String.format("\\u%04x", c) : String.format("\\U%08x", c);
  }
}
