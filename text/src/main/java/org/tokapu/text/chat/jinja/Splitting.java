package org.tokapu.text.chat.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Cuts strings as Python's `split`, `rsplit` and `splitlines` do.
final class Splitting {
  private Splitting() {}

  /// Splits at white space.
  ///
  /// @param max the largest number of cuts; negative for any number
  static List<Str> words(Str value, int max, Budget budget) {
    String text = value.text();
    List<Str> words = new ArrayList<>();
    int at = skip(text, 0, true);
    while (at < text.length()) {
      boolean rest = max >= 0 && words.size() == max;
      int end = rest ? text.length() : skip(text, at, false);
      budget.items(1);
      words.add(value.slice(at, end));
      at = rest ? text.length() : skip(text, end, true);
    }
    budget.chars(text.length());
    return words;
  }

  /// Splits at white space, from the end.
  static List<Str> wordsFromEnd(Str value, int max, Budget budget) {
    String text = value.text();
    List<Str> words = new ArrayList<>();
    int end = stripEnd(text, 0);
    while (end > 0) {
      int start = end;
      if (max >= 0 && words.size() == max) {
        start = 0;
      } else {
        while (start > 0 && !Chars.isSpace(text.charAt(start - 1))) {
          start--;
        }
      }
      budget.items(1);
      words.add(value.slice(start, end));
      end = words.size() > max && max >= 0 ? 0 : stripEnd(text.substring(0, start), 0);
    }
    budget.chars(text.length());
    Collections.reverse(words);
    return words;
  }

  private static int skip(String text, int from, boolean space) {
    int at = from;
    while (at < text.length() && Chars.isSpace(text.charAt(at)) == space) {
      at++;
    }
    return at;
  }

  private static int stripEnd(String text, int from) {
    int end = text.length();
    while (end > from && Chars.isSpace(text.charAt(end - 1))) {
      end--;
    }
    return end;
  }

  /// Splits at a separator.
  static List<Str> split(Str value, String separator, int max, Budget budget) {
    String text = value.text();
    checked(separator);
    budget.search(text.length(), separator.length());
    List<Str> parts = new ArrayList<>();
    int done = 0;
    for (int at = text.indexOf(separator);
        at >= 0 && (max < 0 || parts.size() < max);
        at = text.indexOf(separator, done)) {
      budget.items(1);
      parts.add(value.slice(done, at));
      done = at + separator.length();
    }
    parts.add(value.slice(done, text.length()));
    budget.chars(text.length());
    return parts;
  }

  /// Splits at a separator, from the end.
  static List<Str> splitFromEnd(Str value, String separator, int max, Budget budget) {
    String text = value.text();
    checked(separator);
    budget.search(text.length(), separator.length());
    List<Str> parts = new ArrayList<>();
    int end = text.length();
    for (int at = text.lastIndexOf(separator);
        at >= 0 && (max < 0 || parts.size() < max);
        at =
            end < separator.length() ? -1 : text.lastIndexOf(separator, end - separator.length())) {
      budget.items(1);
      parts.add(value.slice(at + separator.length(), end));
      end = at;
    }
    parts.add(value.slice(0, end));
    budget.chars(text.length());
    Collections.reverse(parts);
    return parts;
  }

  private static void checked(String separator) {
    if (separator.isEmpty()) {
      throw new Failure("empty separator");
    }
  }

  /// Splits at the ends of lines.
  static List<Str> lines(Str value, boolean keepEnds, Budget budget) {
    String text = value.text();
    List<Str> lines = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      if (!Chars.isLineEnd(text.charAt(i))) {
        continue;
      }
      int next = text.startsWith("\r\n", i) ? i + 2 : i + 1;
      budget.items(1);
      lines.add(value.slice(start, keepEnds ? next : i));
      start = next;
      i = next - 1;
    }
    if (start < text.length()) {
      lines.add(value.slice(start, text.length()));
    }
    budget.chars(text.length());
    return lines;
  }

  /// Strips `chars`, or white space if it is empty, from the sides.
  static Str strip(Str value, Value chars, boolean left, boolean right, Budget budget) {
    String text = value.text();
    String set = chars instanceof Str s ? s.text() : "";
    boolean space = !(chars instanceof Str);
    budget.scan(text.length());
    int from = 0;
    int to = text.length();
    while (left && from < to && in(text.codePointAt(from), set, space, budget)) {
      from += Character.charCount(text.codePointAt(from));
    }
    while (right && from < to && in(text.codePointBefore(to), set, space, budget)) {
      to -= Character.charCount(text.codePointBefore(to));
    }
    budget.chars(to - from);
    return value.slice(from, to);
  }

  private static boolean in(int c, String set, boolean space, Budget budget) {
    if (space) {
      return Chars.isSpace(c);
    }
    budget.scan(set.length());
    return set.indexOf(c) >= 0;
  }
}
