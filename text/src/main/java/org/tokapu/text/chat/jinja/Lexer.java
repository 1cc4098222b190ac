package org.tokapu.text.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import org.tokapu.text.chat.jinja.Token.Kind;

/// Cuts a template into tokens, with `trim_blocks` and `lstrip_blocks` on, `keep_trailing_newline`
/// off.
///
/// The newline after a block tag or a comment goes; so does white space between the start of a line
/// and such a tag; `-` beside a tag strips all white space on its side, `+` keeps what would go.
final class Lexer {
  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int line = 1;
  private int counted;

  /// Whether what was read last ended with a newline (or nothing was read yet).
  private boolean lineStarting = true;

  private Lexer(String source) {
    this.source = source;
  }

  static List<Token> tokens(String source) {
    String text = source.replace("\r\n", "\n").replace('\r', '\n');
    Lexer lexer = new Lexer(text.endsWith("\n") ? text.substring(0, text.length() - 1) : text);
    lexer.run();
    return lexer.tokens;
  }

  private void run() {
    while (at < source.length()) {
      int tag = nextTag();
      if (tag < 0) {
        add(Kind.DATA, source.substring(at), at);
        at = source.length();
        break;
      }
      char type = source.charAt(tag + 1);
      int inside = tag + 2;
      char sign = signAt(inside);
      int start = at;
      data(start, tag, sign, type != '{');
      if (sign != 0) {
        inside++;
      }
      switch (type) {
        case '#' -> comment(inside, tag);
        case '{' -> expression(inside, tag, true);
        default -> {
          int raw = keyword(inside, "raw");
          if (raw >= 0) {
            raw(raw, tag);
          } else {
            expression(inside, tag, false);
          }
        }
      }
    }
    add(Kind.END, "", source.length());
  }

  private int nextTag() {
    for (int i = source.indexOf('{', at); i >= 0; i = source.indexOf('{', i + 1)) {
      char next = i + 1 < source.length() ? source.charAt(i + 1) : 0;
      if (next == '%' || next == '{' || next == '#') {
        return i;
      }
    }
    return -1;
  }

  private char signAt(int i) {
    char c = i < source.length() ? source.charAt(i) : 0;
    return c == '-' || c == '+' ? c : 0;
  }

  private void data(int start, int end, char sign, boolean stripLine) {
    String text = source.substring(start, end);
    if (sign == '-') {
      text = text.stripTrailing();
    } else if (sign == 0 && stripLine) {
      int lineStart = text.lastIndexOf('\n') + 1;
      if ((lineStart > 0 || lineStarting) && text.substring(lineStart).isBlank()) {
        text = text.substring(0, lineStart);
      }
    }
    add(Kind.DATA, text, start);
  }

  /// Returns the place after `%}` if the tag says just `word`, else -1.
  private int keyword(int inside, String word) {
    int i = skipSpace(inside);
    if (!source.startsWith(word, i)) {
      return -1;
    }
    i = skipSpace(i + word.length());
    int sign = signAt(i) == '-' || signAt(i) == '+' && !word.equals("raw") ? 1 : 0;
    return source.startsWith("%}", i + sign) ? i : -1;
  }

  private void raw(int end, int tag) {
    int begin = end + (signAt(end) == '-' ? 3 : 2);
    at = signAt(end) == '-' ? skipSpace(begin) : begin;
    lineStarting = source.charAt(at - 1) == '\n';
    for (int i = source.indexOf("{%", at); i >= 0; i = source.indexOf("{%", i + 2)) {
      char sign = signAt(i + 2);
      int close = keyword(sign == 0 ? i + 2 : i + 3, "endraw");
      if (close >= 0) {
        data(at, i, sign, true);
        closeBlock(close);
        return;
      }
    }
    throw new Failure("missing end of raw directive", lineOf(tag), false);
  }

  private void comment(int inside, int tag) {
    int end = source.indexOf("#}", inside);
    if (end < 0) {
      throw new Failure("missing end of comment tag", lineOf(tag), false);
    }
    char sign = end > inside ? signAt(end - 1) : 0;
    closeBlock(sign == 0 ? end : end - 1);
  }

  /// Steps over `%}`, `-%}`, `+%}` (or the same of a comment) at `i` and what they strip.
  private void closeBlock(int i) {
    char sign = signAt(i);
    at = i + (sign == 0 ? 2 : 3);
    if (sign == '-') {
      at = skipSpace(at);
    } else if (sign == 0 && at < source.length() && source.charAt(at) == '\n') {
      at++;
    }
    lineStarting = source.charAt(at - 1) == '\n';
  }

  private void expression(int inside, int tag, boolean print) {
    add(print ? Kind.PRINT_BEGIN : Kind.BLOCK_BEGIN, "", tag);
    String close = print ? "}}" : "%}";
    at = inside;
    int brackets = 0;
    while (true) {
      at = skipSpace(at);
      if (at >= source.length()) {
        throw new Failure("unexpected end of template inside a tag", lineOf(tag), false);
      }
      char sign = signAt(at);
      boolean signed = sign == '-' || sign == '+' && !print;
      if (brackets == 0 && source.startsWith(close, signed ? at + 1 : at)) {
        break;
      }
      brackets += token();
      if (brackets < 0) {
        throw new Failure("unexpected '" + source.charAt(at - 1) + "'", lineOf(at - 1), false);
      }
    }
    add(print ? Kind.PRINT_END : Kind.BLOCK_END, close, at);
    if (print) {
      boolean strip = signAt(at) == '-';
      at = strip ? skipSpace(at + 3) : at + 2;
      lineStarting = source.charAt(at - 1) == '\n';
    } else {
      closeBlock(at);
    }
  }

  /// Reads one token; returns 1 for an opening bracket, -1 for a closing one.
  private int token() {
    char c = source.charAt(at);
    if (c == '\'' || c == '"') {
      string(c);
    } else if (c >= '0' && c <= '9') {
      number();
    } else if (Character.isUnicodeIdentifierStart(source.codePointAt(at)) || c == '_') {
      int start = at;
      while (at < source.length()
          && (Character.isUnicodeIdentifierPart(source.codePointAt(at))
              && !Character.isIdentifierIgnorable(source.codePointAt(at)))) {
        at += Character.charCount(source.codePointAt(at));
      }
      add(Kind.NAME, source.substring(start, at), start);
    } else {
      return operator(c);
    }
    return 0;
  }

  private int operator(char c) {
    String two = source.substring(at, Math.min(at + 2, source.length()));
    boolean pair =
        switch (two) {
          case "//", "**", "==", "!=", ">=", "<=" -> true;
          default -> false;
        };
    if (!pair && "+-/*%~[](){}><=.:|,;".indexOf(c) < 0) {
      throw new Failure(
          "unexpected char '" + Character.toString(source.codePointAt(at)) + "'",
          lineOf(at),
          false);
    }
    String text = pair ? two : String.valueOf(c);
    add(Kind.OPERATOR, text, at);
    at += text.length();
    return switch (c) {
      case '(', '[', '{' -> 1;
      case ')', ']', '}' -> -1;
      default -> 0;
    };
  }

  private void string(char quote) {
    int start = at++;
    while (at < source.length() && source.charAt(at) != quote) {
      at += source.charAt(at) == '\\' ? 2 : 1;
    }
    if (at >= source.length()) {
      throw new Failure("a string has no end", lineOf(start), false);
    }
    String text = Escapes.decode(source.substring(start + 1, at));
    at++;
    add(Kind.STRING, text, start);
  }

  private void number() {
    int start = at;
    int end = digits(at);
    char c = Character.toLowerCase(end < source.length() ? source.charAt(end) : 0);
    if (end == start + 1 && source.charAt(start) == '0' && "xob".indexOf(c) >= 0) {
      at = end + 1;
      while (at < source.length() && Character.digit(source.charAt(at), 16) >= 0
          || at < source.length() && source.charAt(at) == '_') {
        at++;
      }
      add(Kind.INTEGER, source.substring(start, at).replace("_", ""), start);
      return;
    }
    boolean real = false;
    if (c == '.' && isDigit(end + 1)) {
      end = digits(end + 1);
      real = true;
    }
    c = Character.toLowerCase(end < source.length() ? source.charAt(end) : 0);
    if (c == 'e') {
      int exponent = signAt(end + 1) == 0 ? end + 1 : end + 2;
      if (isDigit(exponent)) {
        end = digits(exponent);
        real = true;
      }
    }
    at = end;
    add(real ? Kind.FLOAT : Kind.INTEGER, source.substring(start, at).replace("_", ""), start);
  }

  private int digits(int from) {
    int i = from;
    while (isDigit(i)
        || i > from && i < source.length() && source.charAt(i) == '_' && isDigit(i + 1)) {
      i++;
    }
    return i;
  }

  private boolean isDigit(int i) {
    return i < source.length() && source.charAt(i) >= '0' && source.charAt(i) <= '9';
  }

  private int skipSpace(int i) {
    int end = i;
    while (end < source.length() && Chars.isSpace(source.charAt(end))) {
      end++;
    }
    return end;
  }

  private void add(Kind kind, String text, int start) {
    if (kind != Kind.DATA || !text.isEmpty()) {
      tokens.add(new Token(kind, text, lineOf(start)));
    }
  }

  /// Returns the line of a place; places are mostly asked for in order.
  private int lineOf(int place) {
    if (place < counted) {
      counted = 0;
      line = 1;
    }
    for (; counted < place; counted++) {
      if (source.charAt(counted) == '\n') {
        line++;
      }
    }
    return line;
  }
}
