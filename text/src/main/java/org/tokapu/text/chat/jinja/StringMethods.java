package org.tokapu.text.chat.jinja;

import static java.util.Map.entry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.tokapu.text.chat.jinja.Arguments.Bound;

/// The methods of `str`.
final class StringMethods {
  /// A method.
  @FunctionalInterface
  private interface Method {
    Value call(Render render, Str self, Arguments arguments);
  }

  private static final Map<String, Method> ALL =
      Map.ofEntries(
          entry("upper", (r, s, _) -> Casing.upper(s, r.budget())),
          entry("lower", (r, s, _) -> Casing.lower(s, r.budget())),
          entry("casefold", (r, s, _) -> Casing.lower(s, r.budget())),
          entry("title", (r, s, _) -> Casing.title(s, r.budget())),
          entry("capitalize", (r, s, _) -> Casing.capitalize(s, r.budget())),
          entry("swapcase", (r, s, _) -> Casing.swap(s, r.budget())),
          entry("strip", (r, s, a) -> strip(r, s, a, true, true)),
          entry("lstrip", (r, s, a) -> strip(r, s, a, true, false)),
          entry("rstrip", (r, s, a) -> strip(r, s, a, false, true)),
          entry("split", (r, s, a) -> split(r, s, a, false)),
          entry("rsplit", (r, s, a) -> split(r, s, a, true)),
          entry("splitlines", StringMethods::splitLines),
          entry("partition", (r, s, a) -> partition(r, s, a, false)),
          entry("rpartition", (r, s, a) -> partition(r, s, a, true)),
          entry("startswith", (r, s, a) -> affix(r, s, a, true)),
          entry("endswith", (r, s, a) -> affix(r, s, a, false)),
          entry("removeprefix", (r, s, a) -> remove(r, s, a, true)),
          entry("removesuffix", (r, s, a) -> remove(r, s, a, false)),
          entry("find", (r, s, a) -> Num.of(find("find", r, s, a, false))),
          entry("rfind", (r, s, a) -> Num.of(find("rfind", r, s, a, true))),
          entry("index", (r, s, a) -> index(r, s, a, false)),
          entry("rindex", (r, s, a) -> index(r, s, a, true)),
          entry("count", StringMethods::count),
          entry("replace", StringMethods::replace),
          entry("join", StringMethods::join),
          entry("format", (r, s, a) -> BraceFormat.format(s, a, r)),
          entry("center", (r, s, a) -> pad(r, s, a, "center")),
          entry("ljust", (r, s, a) -> pad(r, s, a, "ljust")),
          entry("rjust", (r, s, a) -> pad(r, s, a, "rjust")),
          entry("zfill", StringMethods::zeros),
          entry("expandtabs", StringMethods::expandTabs),
          entry("isdigit", (r, s, _) -> all(r, s, c -> Character.isDigit(c))),
          entry("isdecimal", (r, s, _) -> all(r, s, c -> Character.isDigit(c))),
          entry("isnumeric", (r, s, _) -> all(r, s, c -> Character.isDigit(c))),
          entry("isalpha", (r, s, _) -> all(r, s, Character::isLetter)),
          entry("isalnum", (r, s, _) -> all(r, s, Character::isLetterOrDigit)),
          entry("isspace", (r, s, _) -> all(r, s, Chars::isSpace)),
          entry("isupper", (r, s, _) -> Num.of(isCase(r, s, true))),
          entry("islower", (r, s, _) -> Num.of(isCase(r, s, false))));

  private StringMethods() {}

  static @Nullable Value of(Str self, String name) {
    Method method = ALL.get(name);
    return method == null
        ? null
        : new Native(
            name,
            (render, arguments) -> {
              render.budget().scan(self.length());
              return method.call(render, self, arguments);
            });
  }

  private static Value strip(Render r, Str s, Arguments a, boolean left, boolean right) {
    Bound bound = a.bind("strip", 0, "chars");
    Value chars = bound.value(0, None.NONE);
    if (chars != None.NONE) {
      chars = bound.string(0);
    }
    return Splitting.strip(s, chars, left, right, r.budget());
  }

  private static Value split(Render r, Str s, Arguments a, boolean fromEnd) {
    Bound bound = a.bind("split", 0, "sep", "maxsplit");
    int max = bound.integer(1, -1);
    Budget budget = r.budget();
    if (bound.value(0, None.NONE) == None.NONE) {
      return list(
          fromEnd ? Splitting.wordsFromEnd(s, max, budget) : Splitting.words(s, max, budget));
    }
    String separator = bound.string(0).text();
    return list(
        fromEnd
            ? Splitting.splitFromEnd(s, separator, max, budget)
            : Splitting.split(s, separator, max, budget));
  }

  private static Seq list(List<Str> parts) {
    return Seq.list(new ArrayList<>(parts));
  }

  private static Value splitLines(Render r, Str s, Arguments a) {
    return list(Splitting.lines(s, a.bind("splitlines", 0, "keepends").flag(0, false), r.budget()));
  }

  private static Value partition(Render r, Str s, Arguments a, boolean fromEnd) {
    Str separator = a.bind("partition", 1, "sep").string(0);
    if (separator.length() == 0) {
      throw new Failure("empty separator");
    }
    r.budget().search(s.length(), separator.length());
    r.budget().chars(s.length());
    int at = fromEnd ? s.text().lastIndexOf(separator.text()) : s.text().indexOf(separator.text());
    if (at < 0) {
      return Seq.tuple(
          fromEnd ? List.of(Str.EMPTY, Str.EMPTY, s) : List.of(s, Str.EMPTY, Str.EMPTY));
    }
    int end = at + separator.length();
    return Seq.tuple(List.of(s.slice(0, at), separator, s.slice(end, s.length())));
  }

  private static Value affix(Render r, Str s, Arguments a, boolean prefix) {
    Bound bound = a.bind(prefix ? "startswith" : "endswith", 1, "affix", "start", "end");
    int start = place(s, bound.integer(1, 0));
    int end = place(s, bound.integer(2, Integer.MAX_VALUE));
    String text = start > end ? "" : s.text().substring(start, end);
    List<Value> choices =
        bound.value(0) instanceof Seq several && several.isTuple()
            ? several.items()
            : List.of(bound.string(0));
    r.budget().steps(choices.size());
    for (Value choice : choices) {
      if (!(choice instanceof Str one)) {
        throw new Failure("startswith() and endswith() take a str or a tuple of str");
      }
      r.budget().scan(one.length());
      if (prefix ? text.startsWith(one.text()) : text.endsWith(one.text())) {
        return Num.TRUE;
      }
    }
    return Num.FALSE;
  }

  /// Returns the char position of a code point, counted from the end if negative.
  private static int place(Str s, int point) {
    int points = s.points();
    return s.charAt(Math.clamp(point < 0 ? point + points : point, 0, points));
  }

  private static Value remove(Render r, Str s, Arguments a, boolean prefix) {
    String affix = a.bind("remove", 1, "affix").string(0).text();
    r.budget().chars(s.length());
    if (prefix) {
      return s.text().startsWith(affix) ? s.slice(affix.length(), s.length()) : s;
    }
    return s.text().endsWith(affix) ? s.slice(0, s.length() - affix.length()) : s;
  }

  private static int find(String name, Render r, Str s, Arguments a, boolean last) {
    Bound bound = a.bind(name, 1, "sub", "start", "end");
    int start = place(s, bound.integer(1, 0));
    int end = place(s, bound.integer(2, Integer.MAX_VALUE));
    String sub = bound.string(0).text();
    r.budget().search(s.length(), sub.length());
    if (start > end) {
      return -1;
    }
    String part = s.text().substring(0, end);
    int at = last ? part.lastIndexOf(sub) : part.indexOf(sub, start);
    return at < start ? -1 : part.codePointCount(0, at);
  }

  private static Value index(Render r, Str s, Arguments a, boolean last) {
    int at = find("index", r, s, a, last);
    if (at < 0) {
      throw new Failure("substring not found");
    }
    return Num.of(at);
  }

  private static Value count(Render r, Str s, Arguments a) {
    String sub = a.bind("count", 1, "sub").string(0).text();
    if (sub.isEmpty()) {
      return Num.of(s.points() + 1);
    }
    r.budget().search(s.length(), sub.length());
    int count = 0;
    for (int at = s.text().indexOf(sub); at >= 0; at = s.text().indexOf(sub, at + sub.length())) {
      count++;
    }
    return Num.of(count);
  }

  private static Value replace(Render r, Str s, Arguments a) {
    Bound bound = a.bind("replace", 2, "old", "new", "count");
    return replace(s, bound.string(0), bound.string(1), bound.integer(2, -1), r.budget());
  }

  /// Replaces at most `max` times, or everywhere if it is negative.
  static Str replace(Str s, Str old, Str with, int max, Budget budget) {
    String text = s.text();
    budget.search(text.length(), old.length());
    Text out = new Text(budget);
    int done = 0;
    int at = text.indexOf(old.text());
    for (int n = 0; at >= 0 && (max < 0 || n < max); n++) {
      out.append(s, done, at).append(with);
      done = at + old.length();
      int from = done;
      if (old.length() == 0) {
        if (at == text.length()) {
          break;
        }
        from = at + Character.charCount(text.codePointAt(at));
      }
      budget.step();
      at = text.indexOf(old.text(), from);
    }
    return out.append(s, done, text.length()).build();
  }

  private static Value join(Render r, Str s, Arguments a) {
    Value parts = a.bind("join", 1, "iterable").value(0);
    List<Str> texts = new ArrayList<>();
    for (Value part : Iteration.of(parts, r.budget())) {
      if (!(part instanceof Str text)) {
        throw new Failure("join() expects str instances, " + part.type() + " found");
      }
      texts.add(text);
    }
    return s.isMarkup()
        ? Markups.join(s, texts, r.budget())
        : Markups.plainJoin(s, texts, r.budget());
  }

  private static Value pad(Render r, Str s, Arguments a, String how) {
    Bound bound = a.bind(how, 1, "width", "fillchar");
    return pad(s, bound.integer(0, 0), bound.string(1, Str.own(" ")), how, r.budget());
  }

  /// Fills up to `width` code points; `how` is `center`, `ljust` or `rjust`.
  static Str pad(Str s, int width, Str fill, String how, Budget budget) {
    int missing = width - s.points();
    if (fill.points() != 1) {
      throw new Failure("the fill character must be exactly one character long");
    }
    if (missing <= 0) {
      return s;
    }
    int left =
        switch (how) {
          case "ljust" -> 0;
          case "rjust" -> missing;
          default -> missing / 2 + (missing & width & 1);
        };
    budget.chars(missing);
    Text out = new Text(budget);
    for (int i = 0; i < left; i++) {
      out.append(fill);
    }
    out.append(s);
    for (int i = left; i < missing; i++) {
      out.append(fill);
    }
    return out.build();
  }

  private static Value zeros(Render r, Str s, Arguments a) {
    int missing = a.bind("zfill", 1, "width").integer(0, 0) - s.points();
    if (missing <= 0) {
      return s;
    }
    r.budget().chars(missing);
    int sign = s.text().startsWith("-") || s.text().startsWith("+") ? 1 : 0;
    return new Text(r.budget())
        .append(s, 0, sign)
        .append("0".repeat(missing))
        .append(s, sign, s.length())
        .build();
  }

  private static Value expandTabs(Render r, Str s, Arguments a) {
    int size = Math.max(0, a.bind("expandtabs", 0, "tabsize").integer(0, 8));
    Text out = r.text();
    int column = 0;
    for (int i = 0; i < s.length(); i++) {
      char c = s.text().charAt(i);
      if (c == '\t') {
        int width = size == 0 ? 0 : size - column % size;
        r.budget().chars(width);
        out.append(" ".repeat(width));
        column += width;
      } else {
        out.append(s, i, i + 1);
        column = c == '\n' || c == '\r' ? 0 : column + 1;
      }
    }
    return out.build();
  }

  private static Value all(Render r, Str s, IntPredicate test) {
    r.budget().scan(s.length());
    return Num.of(s.length() > 0 && s.text().codePoints().allMatch(test));
  }

  /// Returns whether there are cased chars and all of them are of the case.
  static boolean isCase(Render r, Str s, boolean upper) {
    r.budget().scan(s.length());
    boolean wrong =
        s.text()
            .codePoints()
            .anyMatch(c ->
                Character.isTitleCase(c)
                    || (upper ? Character.isLowerCase(c) : Character.isUpperCase(c)));
    return !wrong
        && s.text()
            .codePoints()
            .anyMatch(c -> upper ? Character.isUpperCase(c) : Character.isLowerCase(c));
  }
}
