package org.tokapu.text.chat.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// `"%s and %5.2f" % values`.
final class PercentFormat {
  private final Str format;
  private final Value values;
  private final List<Value> items;
  private final Render render;
  private final Text out;
  private int at;
  private int used;

  private PercentFormat(Str format, Value values, Render render) {
    this.format = format;
    this.values = values;
    this.items = values instanceof Seq s && s.isTuple() ? s.items() : List.of(values);
    this.render = render;
    this.out = render.text();
  }

  static Str format(Str format, Value values, Render render) {
    return new PercentFormat(format, values, render).run();
  }

  private Str run() {
    String text = format.text();
    boolean mapped = false;
    int done = 0;
    for (int i = text.indexOf('%'); i >= 0; i = text.indexOf('%', done)) {
      render.budget().step();
      out.append(format, done, i);
      at = i + 1;
      if (current() == '%') {
        out.append(format, i, i + 1);
      } else {
        mapped |= current() == '(';
        one();
      }
      done = at + 1;
    }
    out.append(format, done, text.length());
    if (!mapped && used < items.size() && !(values instanceof Dict) && !isList()) {
      throw new Failure("not all arguments converted during string formatting");
    }
    return out.build();
  }

  private boolean isList() {
    return values instanceof Seq s && !s.isTuple();
  }

  private char current() {
    if (at >= format.length()) {
      throw new Failure("incomplete format");
    }
    return format.text().charAt(at);
  }

  private void one() {
    Value key = null;
    if (current() == '(') {
      int end = format.text().indexOf(')', at);
      if (end < 0) {
        throw new Failure("incomplete format key");
      }
      key = format.slice(at + 1, end);
      at = end + 1;
    }
    StringBuilder flags = new StringBuilder();
    while ("-+ #0".indexOf(current()) >= 0) {
      flags.append(current());
      at++;
    }
    int width = number(0);
    int precision = -1;
    if (current() == '.') {
      at++;
      precision = number(0);
    }
    while ("hlL".indexOf(current()) >= 0) {
      at++;
    }
    char type = current();
    Value value = key == null ? next() : mapped(key);
    out.append(converted(type, value, flags.toString(), width, precision));
  }

  private int number(int otherwise) {
    if (current() == '*') {
      at++;
      return next() instanceof Num n && !n.isReal()
          ? Math.clamp(n.index(), -FormatSpec.MAX_WIDTH, FormatSpec.MAX_WIDTH)
          : otherwise;
    }
    long value = 0;
    while (Character.isDigit(current())) {
      value = value * 10 + Character.digit(current(), 10);
      if (value > FormatSpec.MAX_WIDTH) {
        throw new Failure("a width or precision is larger than " + FormatSpec.MAX_WIDTH);
      }
      at++;
    }
    return (int) value;
  }

  private Value next() {
    if (used >= items.size()) {
      throw new Failure("not enough arguments for format string");
    }
    return items.get(used++);
  }

  private Value mapped(Value key) {
    if (!(values instanceof Dict dict)) {
      throw new Failure("format requires a mapping");
    }
    Value value = dict.get(key);
    if (value == null) {
      throw new Failure("the mapping has no key " + key);
    }
    return value;
  }

  private Str converted(char type, Value value, String flags, int width, int precision) {
    char align = flags.indexOf('-') >= 0 || width < 0 ? '<' : '>';
    FormatSpec spec =
        new FormatSpec(
            " ",
            flags.indexOf('0') >= 0 && align == '>' ? '=' : align,
            flags.indexOf('+') >= 0 ? '+' : flags.indexOf(' ') >= 0 ? ' ' : '-',
            flags.indexOf('#') >= 0,
            Math.abs(width),
            "",
            precision,
            type);
    return switch (type) {
      case 's' -> spec.text(render.str(value), align, render.budget());
      case 'r', 'a' -> spec.text(Repr.repr(value, render.budget()), align, render.budget());
      case 'c' -> spec.text(character(value), align, render.budget());
      case 'd', 'i', 'u' -> spec.with('d').filled().number(integral(value, true), render.budget());
      case 'x', 'X', 'o' -> spec.filled().number(integral(value, false), render.budget());
      case 'f', 'F', 'e', 'E', 'g', 'G' ->
          spec.filled().number(Num.of(number(value, type).real()), render.budget());
      default -> throw new Failure("unsupported format character '" + type + "'");
    };
  }

  private static Num number(Value value, char type) {
    if (value instanceof Undefined u) {
      throw u.failure();
    }
    if (!(value instanceof Num n)) {
      throw new Failure("'%' format " + type + " needs a number, not " + value.type());
    }
    return n;
  }

  private static Num integral(Value value, boolean cut) {
    Num n = number(value, 'd');
    if (n.isReal() && !cut) {
      throw new Failure("formats x and o need an integer, not float");
    }
    return Num.of(n.big());
  }

  private static Str character(@Nullable Value value) {
    if (value instanceof Num n && n.index() >= 0 && n.index() <= Character.MAX_CODE_POINT) {
      return Str.own(Character.toString((int) n.index()));
    }
    if (value instanceof Str s && s.points() == 1) {
      return s;
    }
    throw new Failure("format c needs an int in range or one character");
  }
}
