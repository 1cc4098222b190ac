package org.tokapu.text.tokenizer;

import static org.tokapu.text.tokenizer.CharClass.LETTER;
import static org.tokapu.text.tokenizer.CharClass.LOWER;
import static org.tokapu.text.tokenizer.CharClass.NEWLINE;
import static org.tokapu.text.tokenizer.CharClass.NUMBER;
import static org.tokapu.text.tokenizer.CharClass.SPACE;
import static org.tokapu.text.tokenizer.CharClass.UPPER;

/// The patterns that byte-level tokenizers cut words with, as scanners.
///
/// Each scanner does exactly what a backtracking engine does with the pattern in its documentation,
/// in one pass.
final class Patterns {
  private static final int WORD_OR_SPACE = SPACE | LETTER | NUMBER;

  private Patterns() {}

  /// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`
  static int gpt2(char[] text, int at, int end) {
    char c = text[at];
    if (c == '\'') {
      int length = contraction(text, at, end, false);
      if (length > 0) {
        return at + length;
      }
    }
    int from = c == ' ' && at + 1 < end ? at + 1 : at;
    int classes = CharClass.at(text, from, end);
    if ((classes & SPACE) != 0) {
      return space(text, at, end);
    }
    int kind = classes & (LETTER | NUMBER);
    return kind == 0 ? run(text, from, end, WORD_OR_SPACE, 0) : run(text, from, end, kind, kind);
  }

  /// `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|` `
  /// ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`: cl100k, Llama 3.
  static int cl100k(char[] text, int at, int end) {
    return cl100k(text, at, end, 3);
  }

  /// As cl100k, but each digit alone: Qwen 2.
  static int qwen2(char[] text, int at, int end) {
    return cl100k(text, at, end, 1);
  }

  private static int cl100k(char[] text, int at, int end, int digits) {
    int classes = CharClass.at(text, at, end);
    if ((classes & LETTER) != 0) {
      return run(text, at, end, LETTER, LETTER);
    }
    if ((classes & NUMBER) != 0) {
      return numbers(text, at, end, digits);
    }
    char c = text[at];
    if (c == '\'') {
      int length = contraction(text, at, end, true);
      if (length > 0) {
        return at + length;
      }
    }
    if ((classes & NEWLINE) == 0) {
      int next = at + CharClass.width(text, at, end);
      if (next < end && (CharClass.at(text, next, end) & LETTER) != 0) {
        return run(text, next, end, LETTER, LETTER);
      }
    }
    int symbols = symbols(text, at, end);
    return symbols > at ? newlines(text, symbols, end, false) : spaceAndLines(text, at, end);
  }

  /// o200k (GPT-4o): words end where capitals begin.
  ///
  /// With `U = [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`, `W = [\p{Ll}\p{Lm}\p{Lo}\p{M}]` and `C =
  /// (?i:'s|'t|'re|'ve|'m|'ll|'d)?`: `[^\r\n\p{L}\p{N}]?U*W+C|[^\r\n\p{L}\p{N}]?U+W*C|`
  /// `\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+`
  static int o200k(char[] text, int at, int end) {
    int word = capitalized(text, at, end);
    if (word > at) {
      return word < end && text[word] == '\'' ? word + contraction(text, word, end, true) : word;
    }
    return afterWord(text, at, end, 3);
  }

  /// As o200k, without `C` and with each digit alone: Mistral's Tekken.
  static int tekken(char[] text, int at, int end) {
    int word = capitalized(text, at, end);
    return word > at ? word : afterWord(text, at, end, 1);
  }

  private static int afterWord(char[] text, int at, int end, int digits) {
    if ((CharClass.at(text, at, end) & NUMBER) != 0) {
      return numbers(text, at, end, digits);
    }
    int symbols = symbols(text, at, end);
    return symbols > at ? newlines(text, symbols, end, true) : spaceAndLines(text, at, end);
  }

  /// `[^\r\n\p{L}\p{N}]?U*W+|[^\r\n\p{L}\p{N}]?U+W*`, or `at` if it does not match.
  private static int capitalized(char[] text, int at, int end) {
    int classes = CharClass.at(text, at, end);
    int next =
        (classes & (NEWLINE | LETTER | NUMBER)) == 0 ? at + CharClass.width(text, at, end) : at;
    // In the order of the alternatives, and of what `?` tries first.
    int found = next > at ? lowerAtEnd(text, next, end) : -1;
    if (found < 0) {
      found = lowerAtEnd(text, at, end);
    }
    if (found < 0 && next > at) {
      found = run(text, next, end, UPPER, UPPER);
      found = found == next ? -1 : found;
    }
    return found < 0 ? run(text, at, end, UPPER, UPPER) : found;
  }

  /// `U*W+` from `at`, or -1.
  private static int lowerAtEnd(char[] text, int at, int end) {
    int upper = run(text, at, end, UPPER, UPPER);
    int lower = run(text, upper, end, LOWER, LOWER);
    if (lower > upper) {
      return lower;
    }
    // `U*` gives back until what it gives back is in `W`.
    int back = upper;
    while (back > at) {
      int before = back - 1;
      if (before > at && Character.isSurrogatePair(text[before - 1], text[before])) {
        before--;
      }
      if ((CharClass.at(text, before, end) & LOWER) != 0) {
        return back;
      }
      back = before;
    }
    return -1;
  }

  /// ` ?[^\s\p{L}\p{N}]+`, or `at` if it does not match.
  private static int symbols(char[] text, int at, int end) {
    int from = text[at] == ' ' ? at + 1 : at;
    int to = run(text, from, end, WORD_OR_SPACE, 0);
    return to > from ? to : at;
  }

  /// `[\r\n]*`, with `slash` `[\r\n/]*`.
  private static int newlines(char[] text, int at, int end, boolean slash) {
    int to = at;
    while (to < end && (text[to] == '\r' || text[to] == '\n' || (slash && text[to] == '/'))) {
      to++;
    }
    return to;
  }

  /// `\p{N}{1,most}`
  private static int numbers(char[] text, int at, int end, int most) {
    int to = at;
    for (int i = 0; i < most && to < end; i++) {
      if ((CharClass.at(text, to, end) & NUMBER) == 0) {
        break;
      }
      to += CharClass.width(text, to, end);
    }
    return to;
  }

  /// `\s*[\r\n]+|\s+(?!\S)|\s+` where there is white space.
  private static int spaceAndLines(char[] text, int at, int end) {
    int stop = run(text, at, end, SPACE, SPACE);
    for (int i = stop; i > at; i--) {
      if (text[i - 1] == '\r' || text[i - 1] == '\n') {
        return i;
      }
    }
    return stop < end && stop - at > 1 ? stop - 1 : stop;
  }

  /// `\s+(?!\S)|\s+` where there is white space.
  static int space(char[] text, int at, int end) {
    int stop = run(text, at, end, SPACE, SPACE);
    return stop < end && stop - at > 1 ? stop - 1 : stop;
  }

  /// Returns the end of the run of characters from `at` whose classes within `mask` are `want`.
  static int run(char[] text, int at, int end, int mask, int want) {
    int to = at;
    while (to < end) {
      char c = text[to];
      if ((c & 0xf800) == 0xd800) {
        if ((CharClass.at(text, to, end) & mask) != want) {
          break;
        }
        to += CharClass.width(text, to, end);
      } else {
        if ((CharClass.of(c) & mask) != want) {
          break;
        }
        to++;
      }
    }
    return to;
  }

  /// `'s|'t|'re|'ve|'m|'ll|'d` at an apostrophe: its length, or 0. The long s folds to s.
  static int contraction(char[] text, int at, int end, boolean ignoreCase) {
    if (at + 1 >= end) {
      return 0;
    }
    char a = fold(text[at + 1], ignoreCase);
    if (a == 's' || a == 't' || a == 'm' || a == 'd') {
      return 2;
    }
    if (at + 2 >= end) {
      return 0;
    }
    char b = fold(text[at + 2], ignoreCase);
    return (b == 'e' && (a == 'r' || a == 'v')) || (a == 'l' && b == 'l') ? 3 : 0;
  }

  private static char fold(char c, boolean ignoreCase) {
    if (!ignoreCase) {
      return c;
    }
    return c >= 'A' && c <= 'Z' ? (char) (c + 32) : c == 'ſ' ? 's' : c;
  }
}
