package org.tokapu.text.chat.jinja;

/// The escapes of Python's string literals.
final class Escapes {
  private static final String PLAIN = "\\'\"abfnrtv";
  private static final String MEANING = "\\'\"\u0007\b\f\n\r\t\u000b";

  private Escapes() {}

  static String decode(String literal) {
    int i = literal.indexOf('\\');
    if (i < 0) {
      return literal;
    }
    StringBuilder out = new StringBuilder();
    int done = 0;
    while (i >= 0) {
      out.append(literal, done, i);
      done = escape(literal, i + 1, out);
      i = literal.indexOf('\\', done);
    }
    return out.append(literal, done, literal.length()).toString();
  }

  /// Decodes what follows a backslash at `i` and returns the place after it.
  private static int escape(String literal, int i, StringBuilder out) {
    char c = literal.charAt(i);
    int plain = PLAIN.indexOf(c);
    if (plain >= 0) {
      out.append(MEANING.charAt(plain));
      return i + 1;
    }
    return switch (c) {
      case '\n' -> i + 1;
      case 'x' -> hex(literal, i + 1, 2, out);
      case 'u' -> hex(literal, i + 1, 4, out);
      case 'U' -> hex(literal, i + 1, 8, out);
      default -> c >= '0' && c <= '7' ? octal(literal, i, out) : unknown(c, i, out);
    };
  }

  private static int unknown(char c, int i, StringBuilder out) {
    out.append('\\').append(c);
    return i + 1;
  }

  private static int octal(String literal, int i, StringBuilder out) {
    int value = 0;
    int end = i;
    while (end < Math.min(i + 3, literal.length())
        && literal.charAt(end) >= '0'
        && literal.charAt(end) <= '7') {
      value = value * 8 + literal.charAt(end++) - '0';
    }
    out.append((char) value);
    return end;
  }

  private static int hex(String literal, int i, int digits, StringBuilder out) {
    long value = 0;
    for (int k = i; k < i + digits; k++) {
      int digit = k < literal.length() ? Character.digit(literal.charAt(k), 16) : -1;
      if (digit < 0) {
        throw new Failure("a string has a broken \\x, \\u or \\U escape");
      }
      value = value * 16 + digit;
    }
    if (value > Character.MAX_CODE_POINT) {
      throw new Failure("a string has an escape beyond Unicode");
    }
    out.appendCodePoint((int) value);
    return i + digits;
  }
}
