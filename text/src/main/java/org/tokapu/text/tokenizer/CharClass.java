package org.tokapu.text.tokenizer;

/// Unicode classes of characters as the patterns of tokenizers mean them, from a table for the
/// basic plane and from [Character] above it.
///
/// `\s` is the property White_Space (so neither U+001C nor U+FEFF, but U+0085 and U+00A0), `\w` is
/// what Unicode's annex on regular expressions (UTS 18) calls a word character.
final class CharClass {
  /// `\p{L}`.
  static final int LETTER = 1;

  /// `\p{N}`.
  static final int NUMBER = 2;

  /// `\s`.
  static final int SPACE = 4;

  /// `[\r\n]`.
  static final int NEWLINE = 8;

  /// `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`.
  static final int UPPER = 16;

  /// `[\p{Ll}\p{Lm}\p{Lo}\p{M}]`.
  static final int LOWER = 32;

  /// `\p{P}`.
  static final int PUNCTUATION = 64;

  /// `\p{S}`.
  static final int SYMBOL = 128;

  private static final byte[] TABLE = table();

  private CharClass() {}

  /// Returns the classes of a char of the basic plane; of half a pair none.
  static int of(char c) {
    return TABLE[c] & 0xff;
  }

  /// Returns the classes of a character.
  static int of(int codePoint) {
    return codePoint < 0x10000 ? TABLE[codePoint] & 0xff : compute(codePoint);
  }

  /// Returns the classes of the character at `at`, which may be a pair; half a pair has none.
  static int at(char[] text, int at, int end) {
    char c = text[at];
    if ((c & 0xfc00) == 0xd800 && at + 1 < end && Character.isLowSurrogate(text[at + 1])) {
      return compute(Character.toCodePoint(c, text[at + 1]));
    }
    return TABLE[c] & 0xff;
  }

  /// Returns how many chars the character at `at` takes.
  static int width(char[] text, int at, int end) {
    return (text[at] & 0xfc00) == 0xd800 && at + 1 < end && Character.isLowSurrogate(text[at + 1])
        ? 2
        : 1;
  }

  /// Returns whether a char is white space (`\s`).
  static boolean isSpace(int codePoint) {
    return (of(codePoint) & SPACE) != 0;
  }

  /// Returns whether a character may be part of a word (`\w`).
  static boolean isWord(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.DECIMAL_DIGIT_NUMBER,
          Character.LETTER_NUMBER,
          Character.CONNECTOR_PUNCTUATION,
          Character.NON_SPACING_MARK,
          Character.ENCLOSING_MARK,
          Character.COMBINING_SPACING_MARK ->
          true;
      default -> Character.isAlphabetic(codePoint) || codePoint == 0x200c || codePoint == 0x200d;
    };
  }

  /// Returns whether a character has the property White_Space.
  static boolean isWhiteSpace(int c) {
    return (c >= 9 && c <= 13)
        || c == 0x20
        || c == 0x85
        || c == 0xa0
        || c == 0x1680
        || (c >= 0x2000 && c <= 0x200a)
        || c == 0x2028
        || c == 0x2029
        || c == 0x202f
        || c == 0x205f
        || c == 0x3000;
  }

  private static byte[] table() {
    byte[] out = new byte[0x10000];
    for (int c = 0; c < out.length; c++) {
      out[c] = (byte) compute(c);
    }
    return out;
  }

  private static int compute(int c) {
    int bits = isWhiteSpace(c) ? SPACE : 0;
    if (c == '\r' || c == '\n') {
      bits |= NEWLINE;
    }
    return bits
        | switch (Character.getType(c)) {
          case Character.UPPERCASE_LETTER, Character.TITLECASE_LETTER -> LETTER | UPPER;
          case Character.LOWERCASE_LETTER -> LETTER | LOWER;
          case Character.MODIFIER_LETTER, Character.OTHER_LETTER -> LETTER | UPPER | LOWER;
          case Character.NON_SPACING_MARK,
              Character.ENCLOSING_MARK,
              Character.COMBINING_SPACING_MARK ->
              UPPER | LOWER;
          case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER ->
              NUMBER;
          case Character.CONNECTOR_PUNCTUATION,
              Character.DASH_PUNCTUATION,
              Character.START_PUNCTUATION,
              Character.END_PUNCTUATION,
              Character.INITIAL_QUOTE_PUNCTUATION,
              Character.FINAL_QUOTE_PUNCTUATION,
              Character.OTHER_PUNCTUATION ->
              PUNCTUATION;
          case Character.MATH_SYMBOL,
              Character.CURRENCY_SYMBOL,
              Character.MODIFIER_SYMBOL,
              Character.OTHER_SYMBOL ->
              SYMBOL;
          default -> 0;
        };
  }
}
