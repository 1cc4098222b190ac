package org.tokapu.text.chat.jinja;

import java.util.Locale;
import java.util.function.UnaryOperator;

/// Upper and lower case, run by run of what the template and others wrote.
final class Casing {
  private Casing() {}

  static Str upper(Str value, Budget budget) {
    return map(value, s -> s.toUpperCase(Locale.ROOT), budget);
  }

  static Str lower(Str value, Budget budget) {
    return map(value, s -> s.toLowerCase(Locale.ROOT), budget);
  }

  /// Changes each run of one origin by itself.
  static Str map(Str value, UnaryOperator<String> change, Budget budget) {
    budget.chars(value.length());
    if (value.isUniform()) {
      return value.like(change.apply(value.text()));
    }
    Text out = new Text(budget);
    int[] foreign = value.foreign();
    int at = 0;
    for (int i = 0; i < foreign.length; i += 2) {
      out.append(change.apply(value.text().substring(at, foreign[i])));
      out.append(change.apply(value.text().substring(foreign[i], foreign[i + 1])), true);
      at = foreign[i + 1];
    }
    return out.append(change.apply(value.text().substring(at))).build();
  }

  /// First char upper, the others lower.
  static Str capitalize(Str value, Budget budget) {
    if (value.length() == 0) {
      return value;
    }
    int first = value.charAt(1);
    return new Text(budget)
        .append(map(value.slice(0, first), Casing::titleOf, budget))
        .append(lower(value.slice(first, value.length()), budget))
        .build();
  }

  private static String titleOf(String text) {
    return text.codePoints()
        .collect(
            StringBuilder::new,
            (out, c) -> out.append(c == 'ß' ? "Ss" : Character.toString(Character.toTitleCase(c))),
            StringBuilder::append)
        .toString();
  }

  /// `str.title()`: a word begins after every char that has no case.
  static Str title(Str value, Budget budget) {
    return words(value, budget, false);
  }

  /// The filter `title`: a word begins after white space, `-`, `(`, `{`, `[`, `<`.
  static Str titleFilter(Str value, Budget budget) {
    return words(value, budget, true);
  }

  private static Str words(Str value, Budget budget, boolean bySeparator) {
    Text out = new Text(budget);
    String text = value.text();
    boolean begins = true;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      int next = i + Character.charCount(c);
      String one = text.substring(i, next);
      budget.step();
      String changed =
          begins
              ? bySeparator ? one.toUpperCase(Locale.ROOT) : titleOf(one)
              : c == 'Σ' && !letterAt(text, next) ? "ς" : one.toLowerCase(Locale.ROOT);
      out.append(changed, value.isForeign(i));
      begins = bySeparator ? Chars.isSpace(c) || "-({[<".indexOf(c) >= 0 : !cased(c);
      i = next;
    }
    return out.build();
  }

  private static boolean letterAt(String text, int i) {
    return i < text.length() && Character.isLetter(text.codePointAt(i));
  }

  private static boolean cased(int c) {
    return Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
  }

  /// Upper becomes lower, and lower upper.
  static Str swap(Str value, Budget budget) {
    return map(
        value,
        text ->
            text.codePoints()
                .collect(
                    StringBuilder::new,
                    (out, c) -> {
                      String one = Character.toString(c);
                      out.append(
                          Character.isUpperCase(c)
                              ? one.toLowerCase(Locale.ROOT)
                              : one.toUpperCase(Locale.ROOT));
                    },
                    StringBuilder::append)
                .toString(),
        budget);
  }
}
