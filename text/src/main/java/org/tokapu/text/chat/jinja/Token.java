package org.tokapu.text.chat.jinja;

/// A piece of a template's source.
///
/// @param kind what it is
/// @param text its text: decoded for strings and data, as written otherwise
/// @param line where it begins, from 1
record Token(Kind kind, String text, int line) {
  /// The kinds of tokens.
  enum Kind {
    /// Text between tags.
    DATA,
    BLOCK_BEGIN,
    BLOCK_END,
    PRINT_BEGIN,
    PRINT_END,
    NAME,
    STRING,
    INTEGER,
    FLOAT,
    OPERATOR,
    END
  }

  boolean is(Kind wanted, String wantedText) {
    return kind == wanted && text.equals(wantedText);
  }

  boolean isOperator(String wanted) {
    return is(Kind.OPERATOR, wanted);
  }

  boolean isName(String wanted) {
    return is(Kind.NAME, wanted);
  }

  /// Returns how to speak of it in a message.
  String described() {
    return switch (kind) {
      case BLOCK_END -> "end of statement block";
      case PRINT_END -> "end of print statement";
      case END -> "end of template";
      default -> "'" + Text.shortened(text) + "'";
    };
  }
}
