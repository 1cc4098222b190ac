package org.tokapu.text.chat.jinja;

import java.util.List;
import org.tokapu.text.chat.jinja.Token.Kind;

/// Tokens with a place in them, and the nesting of what is being parsed. Not thread-safe.
final class TokenStream {
  /// Deeper nesting of expressions and blocks is refused.
  private static final int MAX_NESTING = 120;

  private final List<Token> tokens;
  private int at;
  private int nesting;
  private int deepest;

  TokenStream(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token current() {
    return tokens.get(at);
  }

  Token ahead() {
    return tokens.get(Math.min(at + 1, tokens.size() - 1));
  }

  /// Returns the current token and moves on; the end stays the end.
  Token next() {
    Token token = tokens.get(at);
    at = Math.min(at + 1, tokens.size() - 1);
    return token;
  }

  boolean skipOperator(String text) {
    boolean there = current().isOperator(text);
    if (there) {
      next();
    }
    return there;
  }

  boolean skipName(String text) {
    boolean there = current().isName(text);
    if (there) {
      next();
    }
    return there;
  }

  void expectOperator(String text) {
    if (!skipOperator(text)) {
      throw unexpected("'" + text + "'");
    }
  }

  void expectName(String text) {
    if (!skipName(text)) {
      throw unexpected("'" + text + "'");
    }
  }

  String expectName() {
    if (current().kind() != Kind.NAME) {
      throw unexpected("a name");
    }
    return next().text();
  }

  void expectBlockEnd() {
    if (current().kind() != Kind.BLOCK_END) {
      throw unexpected("'%}'");
    }
    next();
  }

  Failure unexpected(String expected) {
    return error("expected " + expected + ", found " + current().described());
  }

  Failure error(String problem) {
    return new Failure(problem, current().line(), false);
  }

  /// Goes one level deeper in what is being parsed.
  void enter() {
    if (++nesting > MAX_NESTING) {
      throw error("blocks or expressions are nested deeper than " + MAX_NESTING);
    }
    deepest = Math.max(deepest, nesting);
  }

  void leave() {
    nesting--;
  }

  /// Starts to measure how deep a part goes; returns what [#measured] needs.
  int measure() {
    int before = deepest;
    deepest = nesting;
    return before;
  }

  /// Returns the levels of the part since [#measure].
  int measured(int before) {
    int levels = deepest - nesting;
    deepest = Math.max(deepest, before);
    return levels;
  }
}
