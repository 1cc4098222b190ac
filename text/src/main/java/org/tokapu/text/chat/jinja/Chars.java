package org.tokapu.text.chat.jinja;

/// Character classes of Python.
final class Chars {
  private Chars() {}

  /// Returns whether Python's `str.isspace` is true for `c`.
  static boolean isSpace(int c) {
    return c >= 9 && c <= 13
        || c >= 28 && c <= 32
        || c == 0x85
        || c == 0xa0
        || c > 0xff && Character.isSpaceChar(c);
  }

  /// Returns whether `str.splitlines` breaks at `c`.
  static boolean isLineEnd(char c) {
    return c >= 10 && c <= 13 || c >= 28 && c <= 30 || c == 0x85 || c == 0x2028 || c == 0x2029;
  }

  /// Returns whether `\w` of a regular expression matches `c`.
  static boolean isWord(int c) {
    return Character.isLetterOrDigit(c)
        || c == '_'
        || Character.getType(c) == Character.OTHER_NUMBER
        || Character.getType(c) == Character.LETTER_NUMBER;
  }
}
