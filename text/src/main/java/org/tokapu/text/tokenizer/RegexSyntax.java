package org.tokapu.text.tokenizer;

import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.tokapu.base.TokapuException;
import org.tokapu.base.json.JsonObject;

/// Translates the regular expressions of `tokenizer.json` files, which are written for Oniguruma
/// with Ruby's syntax, to those of Java.
///
/// What differs and is met in real files: `\s` and `\d` go by Unicode, `\w` has no joiners but the
/// digits of Latin-1 that are raised or fractions, `(?i:...)` folds all scripts, `^` and `$` are
/// the ends of lines, `\h` is a hexadecimal digit, and scripts need no `Is`.
final class RegexSyntax {
  private static final Set<String> SCRIPTS =
      Set.of(
          "Han",
          "Hangul",
          "Hiragana",
          "Katakana",
          "Latin",
          "Greek",
          "Cyrillic",
          "Arabic",
          "Hebrew",
          "Thai",
          "Lao",
          "Khmer",
          "Myanmar",
          "Devanagari",
          "Bengali",
          "Tamil",
          "Telugu",
          "Armenian",
          "Georgian",
          "Common",
          "Inherited");

  private static final Map<String, String> LONG_NAMES =
      Map.of(
          "Letter", "L",
          "Mark", "M",
          "Number", "N",
          "Punctuation", "P",
          "Symbol", "S",
          "Separator", "Z",
          "Other", "C");

  private RegexSyntax() {}

  /// Reads a `pattern` of a `tokenizer.json`: `{"String": ...}` or `{"Regex": ...}`.
  static Pattern pattern(JsonObject json, String key) {
    JsonObject pattern = json.object(key).orElseThrow(() -> json.wrong(key, "is missing"));
    if (pattern.has("String")) {
      return Pattern.compile(Pattern.quote(pattern.text("String").orElse("")));
    }
    String regex =
        pattern.text("Regex").orElseThrow(() -> json.wrong(key, "should be a String or a Regex"));
    try {
      return compile(regex);
    } catch (PatternSyntaxException | StackOverflowError e) {
      throw json.wrong(key, "cannot be read as a regular expression: " + regex);
    }
  }

  /// Compiles a regular expression of Oniguruma or of Python's `regex`.
  ///
  /// @throws PatternSyntaxException if it cannot be read
  static Pattern compile(String regex) {
    return Pattern.compile(
        translate(regex), Pattern.UNICODE_CHARACTER_CLASS | Pattern.UNICODE_CASE);
  }

  private static String translate(String regex) {
    StringBuilder out = new StringBuilder(regex.length() + 16);
    int classes = 0;
    for (int i = 0; i < regex.length(); i++) {
      char c = regex.charAt(i);
      if (c == '\\' && i + 1 < regex.length()) {
        i = escape(regex, i + 1, classes > 0, out);
        continue;
      }
      if (c == '[') {
        classes++;
      } else if (c == ']' && classes > 0) {
        classes--;
      }
      if (classes == 0 && c == '$') {
        out.append("(?=\\n|\\z)");
      } else if (classes == 0 && c == '^') {
        out.append("(?<=\\n|\\A)");
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  /// Translates the escape whose letter is at `i` and returns the index of its last char.
  private static int escape(String regex, int i, boolean inClass, StringBuilder out) {
    char c = regex.charAt(i);
    if (c == 'w' || c == 'W') {
      String word = "\\p{IsAlphabetic}\\p{M}\\p{Nd}\\p{Pc}\\u00b2\\u00b3\\u00b9\\u00bc-\\u00be";
      out.append(c == 'W' ? "[^" + word + "]" : inClass ? word : "[" + word + "]");
      return i;
    }
    if (c == 'h' || c == 'H') {
      out.append(c == 'h' ? "[0-9a-fA-F]" : "[^0-9a-fA-F]");
      return i;
    }
    int close = regex.indexOf('}', i);
    boolean property = (c == 'p' || c == 'P') && regex.startsWith("{", i + 1) && close > 0;
    if (!property) {
      out.append('\\').append(c);
      return i;
    }
    String name = regex.substring(i + 2, close);
    boolean negated = c == 'P';
    if (name.startsWith("^")) {
      negated = !negated;
      name = name.substring(1);
    }
    name = LONG_NAMES.getOrDefault(name, name);
    out.append(negated ? "\\P{" : "\\p{").append(SCRIPTS.contains(name) ? "Is" : "");
    out.append(name).append('}');
    return close;
  }

  /// Returns the text as something that a matcher can look at only so often: a pattern that
  /// backtracks without end is stopped.
  static CharSequence bounded(String text) {
    return new Bounded(text, 100_000_000L + 10_000L * text.length());
  }

  private static final class Bounded implements CharSequence {
    private final String text;
    private long left;

    Bounded(String text, long left) {
      this.text = text;
      this.left = left;
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      if (--left < 0) {
        throw new TokapuException(
            "the tokenizer's pattern takes too long on a text of "
                + text.length()
                + " chars; its tokenizer.json holds a regular expression that backtracks without"
                + " end");
      }
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.substring(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
