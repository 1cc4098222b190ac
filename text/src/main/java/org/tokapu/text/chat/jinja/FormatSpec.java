package org.tokapu.text.chat.jinja;

import java.math.BigInteger;
import java.util.Locale;

/// How a value is laid out: `[[fill]align][sign][#][0][width][grouping][.precision][type]`.
///
/// @param fill the code point to fill with
/// @param align `<`, `>`, `^`, `=`, or 0 for the usual
/// @param sign `+`, `-` or a space
/// @param alternate whether `0x` and its like are written
/// @param grouping `,`, `_` or empty
/// @param precision -1 if not given
/// @param type the presentation, 0 for the usual
record FormatSpec(
    String fill,
    char align,
    char sign,
    boolean alternate,
    int width,
    String grouping,
    int precision,
    char type) {
  static final int MAX_WIDTH = 10_000;

  static FormatSpec parse(String spec) {
    int at = 0;
    String fill = " ";
    char align = 0;
    int first = spec.isEmpty() ? 0 : Character.charCount(spec.codePointAt(0));
    if (first > 0 && first < spec.length() && "<>^=".indexOf(spec.charAt(first)) >= 0) {
      fill = spec.substring(0, first);
      align = spec.charAt(first);
      at = first + 1;
    } else if (first > 0 && "<>^=".indexOf(spec.charAt(0)) >= 0) {
      align = spec.charAt(at++);
    }
    char sign = '-';
    if (at < spec.length() && "+- ".indexOf(spec.charAt(at)) >= 0) {
      sign = spec.charAt(at++);
    }
    boolean alternate = at < spec.length() && spec.charAt(at) == '#';
    at += alternate ? 1 : 0;
    if (at < spec.length() && spec.charAt(at) == '0') {
      at++;
      fill = align == 0 ? "0" : fill;
      align = align == 0 ? '=' : align;
    }
    int end = digits(spec, at);
    int width = number(spec, at, end);
    at = end;
    String grouping = "";
    if (at < spec.length() && ",_".indexOf(spec.charAt(at)) >= 0) {
      grouping = spec.substring(at, ++at);
    }
    int precision = -1;
    if (at < spec.length() && spec.charAt(at) == '.') {
      end = digits(spec, ++at);
      precision = number(spec, at, end);
      at = end;
    }
    char type = at < spec.length() ? spec.charAt(at++) : 0;
    if (at < spec.length()) {
      throw new Failure("Invalid format specifier '" + Text.shortened(spec) + "'");
    }
    return new FormatSpec(fill, align, sign, alternate, width, grouping, precision, type);
  }

  private static int digits(String spec, int from) {
    int at = from;
    while (at < spec.length() && spec.charAt(at) >= '0' && spec.charAt(at) <= '9') {
      at++;
    }
    return at;
  }

  private static int number(String spec, int from, int to) {
    if (to - from > 5 || to > from && Integer.parseInt(spec.substring(from, to)) > MAX_WIDTH) {
      throw new Failure("a width or precision is larger than " + MAX_WIDTH);
    }
    return to > from ? Integer.parseInt(spec.substring(from, to)) : 0;
  }

  FormatSpec with(char newType) {
    return new FormatSpec(fill, align, sign, alternate, width, grouping, precision, newType);
  }

  /// Returns the same that fills with zeros if it aligns by `=`.
  FormatSpec filled() {
    return align == '='
        ? new FormatSpec("0", align, sign, alternate, width, grouping, precision, type)
        : this;
  }

  /// Lays out any value.
  Str value(Value value, Render render) {
    if (value instanceof Num n && !(n instanceof Num.Bool && type == 0)) {
      return number(n, render.budget());
    }
    if (type != 0 && type != 's') {
      throw new Failure(
          "Unknown format code '" + type + "' for object of type '" + value.type() + "'");
    }
    return text(render.str(value), align == 0 ? '<' : align, render.budget());
  }

  /// Lays out a text, cut to the precision.
  Str text(Str value, char how, Budget budget) {
    Str cut =
        precision >= 0 && precision < value.points()
            ? value.slice(0, value.charAt(precision))
            : value;
    if (how == '=') {
      throw new Failure("'=' alignment not allowed in string format specifier");
    }
    return padded(cut, how, budget);
  }

  private Str padded(Str value, char how, Budget budget) {
    int missing = width - value.points();
    int left =
        switch (how) {
          case '<' -> 0;
          case '^' -> missing / 2;
          default -> missing;
        };
    Text out = new Text(budget);
    for (int i = 0; i < left; i++) {
      out.append(fill);
    }
    out.append(value);
    for (int i = Math.max(left, 0); i < missing; i++) {
      out.append(fill);
    }
    return out.build();
  }

  /// Lays out a number.
  Str number(Num n, Budget budget) {
    boolean negative = n.isReal() ? n.real() < 0 || 1 / n.real() < 0 : n.big().signum() < 0;
    String signed = negative ? "-" : sign == '-' ? "" : String.valueOf(sign);
    String digits = n.isReal() || isRealType() ? real(n.real()) : integer(n.big().abs());
    if (align == '=' || align == 0 && fill.equals("0")) {
      budget.chars(width);
      int missing = Math.max(0, width - signed.length() - digits.length());
      return Str.own(signed + fill.repeat(missing) + digits);
    }
    return padded(Str.own(signed + digits), align == 0 ? '>' : align, budget);
  }

  private boolean isRealType() {
    return type != 0 && "fFeEgG%".indexOf(type) >= 0;
  }

  private String integer(BigInteger value) {
    return switch (type) {
      case 0, 'd', 'n' -> grouped(value.toString(), 3);
      case 'x' -> (alternate ? "0x" : "") + grouped(value.toString(16), 4);
      case 'X' -> (alternate ? "0X" : "") + grouped(value.toString(16).toUpperCase(Locale.ROOT), 4);
      case 'o' -> (alternate ? "0o" : "") + grouped(value.toString(8), 4);
      case 'b' -> (alternate ? "0b" : "") + grouped(value.toString(2), 4);
      default -> throw new Failure("Unknown format code '" + type + "' for object of type 'int'");
    };
  }

  private String grouped(String digits, int size) {
    if (grouping.isEmpty()) {
      return digits;
    }
    StringBuilder out = new StringBuilder(digits);
    for (int i = digits.length() - size; i > 0; i -= size) {
      out.insert(i, grouping);
    }
    return out.toString();
  }

  private String real(double signedValue) {
    double value = Math.abs(signedValue);
    if (!Double.isFinite(value)) {
      return Double.isNaN(value) ? "nan" : "inf";
    }
    int digits = precision < 0 ? 6 : precision;
    String text =
        switch (type) {
          case 0 -> precision < 0 ? Floats.repr(value) : general(value, digits);
          case 'f', 'F' -> Floats.format(value, 'f', digits);
          case 'e', 'E' -> Floats.format(value, 'e', digits);
          case 'g', 'G', 'n' -> Floats.format(value, 'g', digits);
          case '%' -> Floats.format(value * 100, 'f', digits) + "%";
          default ->
              throw new Failure("Unknown format code '" + type + "' for object of type 'float'");
        };
    if (type == 'E' || type == 'G' || type == 'F') {
      text = text.toUpperCase(Locale.ROOT);
    }
    int whole = digits(text, 0);
    return grouped(text.substring(0, whole), 3) + text.substring(whole);
  }

  private static String general(double value, int digits) {
    String text = Floats.format(value, 'g', digits);
    return text.indexOf('.') < 0 && text.indexOf('e') < 0 ? text + ".0" : text;
  }
}
