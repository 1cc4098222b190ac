package org.tokapu.text.chat.jinja;

import java.util.Arrays;

/// A string that knows which of its chars came from outside of the template.
///
/// Positions are chars of Java, but [#points] and [#charAt] count code points as Python does. Two
/// strings are equal if their texts are.
final class Str implements Value {
  private static final int[] NOWHERE = {};
  static final Str EMPTY = own("");

  private final String text;

  /// Sorted, disjoint, non-empty ranges `start, end, ...` of chars that came from outside.
  private final int[] foreign;

  /// Whether HTML escaping has been dealt with (`Markup` of Python).
  private final boolean markup;

  Str(String text, int[] foreign, boolean markup) {
    this.text = text;
    this.foreign = foreign;
    this.markup = markup;
  }

  /// Returns a text that the template wrote.
  static Str own(String text) {
    return new Str(text, NOWHERE, false);
  }

  /// Returns a text that came from outside.
  static Str foreign(String text) {
    return text.isEmpty() ? EMPTY : new Str(text, new int[] {0, text.length()}, false);
  }

  /// Returns the result of a change of the whole text; all foreign if anything of this was.
  Str like(String changed) {
    return foreign.length == 0 ? own(changed) : foreign(changed);
  }

  Str asMarkup(boolean on) {
    return markup == on ? this : new Str(text, foreign, on);
  }

  String text() {
    return text;
  }

  int[] foreign() {
    return foreign;
  }

  boolean isMarkup() {
    return markup;
  }

  /// Returns whether the chars are of one kind: all the template's, or all from outside.
  boolean isUniform() {
    return foreign.length == 0 || foreign.length == 2 && foreign[0] == 0 && foreign[1] == length();
  }

  /// Returns the number of chars.
  int length() {
    return text.length();
  }

  /// Returns the number of code points.
  int points() {
    return text.codePointCount(0, text.length());
  }

  /// Returns the char position of a code point, which may be one past the last.
  int charAt(int point) {
    return text.offsetByCodePoints(0, point);
  }

  /// Returns the chars `from .. to`.
  Str slice(int from, int to) {
    if (from >= to) {
      return EMPTY;
    }
    if (from == 0 && to == text.length()) {
      return asMarkup(false);
    }
    String part = text.substring(from, to);
    if (foreign.length == 0) {
      return own(part);
    }
    int[] ranges = new int[foreign.length];
    int n = 0;
    for (int i = 0; i < foreign.length; i += 2) {
      int start = Math.max(foreign[i], from);
      int end = Math.min(foreign[i + 1], to);
      if (start < end) {
        ranges[n++] = start - from;
        ranges[n++] = end - from;
      }
    }
    return new Str(part, Arrays.copyOf(ranges, n), false);
  }

  /// Returns whether char `at` came from outside.
  boolean isForeign(int at) {
    int i = Arrays.binarySearch(foreign, at);
    return i >= 0 ? i % 2 == 0 : (-i - 1) % 2 == 1;
  }

  @Override
  public String type() {
    return "str";
  }

  @Override
  public boolean truth() {
    return !text.isEmpty();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Str s && s.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return Repr.quoted(text);
  }
}
