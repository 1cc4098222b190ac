package org.tokapu.text.chat.jinja;

import java.util.Arrays;

/// Builds a [Str] piece by piece, charging each char to the rendering.
final class Text {
  private final Budget budget;
  private final StringBuilder chars = new StringBuilder();
  private int[] ranges = new int[8];
  private int count;

  Text(Budget budget) {
    this.budget = budget;
  }

  /// Appends what the template wrote.
  Text append(String own) {
    budget.chars(own.length());
    chars.append(own);
    return this;
  }

  /// Appends one char that the template wrote.
  Text append(char own) {
    budget.chars(1);
    chars.append(own);
    return this;
  }

  /// Appends a text of the given origin.
  Text append(String text, boolean foreign) {
    int start = chars.length();
    append(text);
    if (foreign) {
      mark(start, chars.length());
    }
    return this;
  }

  /// Appends a string with its origins.
  Text append(Str value) {
    return append(value, 0, value.length());
  }

  /// Appends the chars `from .. to` with their origins.
  Text append(Str value, int from, int to) {
    budget.chars(to - from);
    int shift = chars.length() - from;
    chars.append(value.text(), from, to);
    int[] foreign = value.foreign();
    for (int i = 0; i < foreign.length; i += 2) {
      int start = Math.max(foreign[i], from);
      int end = Math.min(foreign[i + 1], to);
      if (start < end) {
        mark(start + shift, end + shift);
      }
    }
    return this;
  }

  private void mark(int start, int end) {
    if (start == end) {
      return;
    }
    if (count > 0 && ranges[count - 1] == start) {
      ranges[count - 1] = end;
      return;
    }
    if (count == ranges.length) {
      ranges = Arrays.copyOf(ranges, count * 2);
    }
    ranges[count++] = start;
    ranges[count++] = end;
  }

  Str build() {
    return new Str(chars.toString(), Arrays.copyOf(ranges, count), false);
  }

  /// Returns at most the first 60 chars, for messages.
  static String shortened(String text) {
    return text.length() <= 60 ? text : text.substring(0, 60) + "...";
  }
}
