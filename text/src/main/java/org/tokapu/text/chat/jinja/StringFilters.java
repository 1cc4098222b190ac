package org.tokapu.text.chat.jinja;

import static java.util.Map.entry;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tokapu.text.chat.jinja.Arguments.Bound;

/// Filters that make text of text.
final class StringFilters {
  static final Map<String, Filter> ALL =
      Map.ofEntries(
          entry("upper", (r, v, _) -> Casing.upper(r.str(v), r.budget())),
          entry("lower", (r, v, _) -> Casing.lower(r.str(v), r.budget())),
          entry("title", (r, v, _) -> Casing.titleFilter(r.str(v), r.budget())),
          entry("capitalize", (r, v, _) -> Casing.capitalize(r.str(v), r.budget())),
          entry("trim", StringFilters::trim),
          entry("replace", StringFilters::replace),
          entry("indent", StringFilters::indent),
          entry("truncate", StringFilters::truncate),
          entry("center", StringFilters::center),
          entry("format", StringFilters::format),
          entry("escape", (r, v, _) -> Markups.escape(r.str(v), r.budget())),
          entry("e", (r, v, _) -> Markups.escape(r.str(v), r.budget())),
          entry("forceescape", (r, v, _) -> Markups.escapeAlways(r.str(v), r.budget())),
          entry("safe", (r, v, _) -> r.str(v).asMarkup(true)),
          entry("string", (r, v, _) -> r.str(v)),
          entry("striptags", (r, v, _) -> Markups.stripTags(r.str(v), r.budget())),
          entry("urlencode", StringFilters::urlEncode),
          entry("wordcount", StringFilters::wordCount),
          entry("join", StringFilters::join));

  private StringFilters() {}

  private static Value trim(Render r, Value v, Arguments a) {
    Bound bound = a.bind("trim", 0, "chars");
    Value chars = bound.value(0, None.NONE) == None.NONE ? None.NONE : bound.string(0);
    return Splitting.strip(r.str(v), chars, true, true, r.budget());
  }

  private static Value replace(Render r, Value v, Arguments a) {
    Bound bound = a.bind("replace", 2, "old", "new", "count");
    int count = bound.value(2, None.NONE) == None.NONE ? -1 : bound.integer(2, -1);
    return StringMethods.replace(
        r.str(v), r.str(bound.value(0)), r.str(bound.value(1)), count, r.budget());
  }

  private static Value indent(Render r, Value v, Arguments a) {
    Bound bound = a.bind("indent", 0, "width", "first", "blank");
    if (v instanceof Undefined u) {
      throw u.failure();
    }
    if (!(v instanceof Str s)) {
      throw new Failure("indent needs a str, not '" + v.type() + "'");
    }
    Str by;
    if (bound.value(0, None.NONE) instanceof Str text) {
      by = text;
    } else {
      int width = Math.max(0, bound.integer(0, 4));
      r.budget().chars(width);
      by = Str.own(" ".repeat(width));
    }
    boolean blank = bound.flag(2, false);
    // A newline is added first, as Jinja does, so that a text that ends with one keeps it.
    Str source = new Text(r.budget()).append(s).append('\n').build();
    Text out = r.text();
    boolean first = true;
    for (Str line : Splitting.lines(source, false, r.budget())) {
      if (!first) {
        out.append('\n');
      }
      if (first ? bound.flag(1, false) : blank || line.length() > 0) {
        out.append(by);
      }
      out.append(line);
      first = false;
    }
    return out.build();
  }

  private static Value truncate(Render r, Value v, Arguments a) {
    Bound bound = a.bind("truncate", 0, "length", "killwords", "end", "leeway");
    Str s = r.str(v);
    Str end = bound.string(2, Str.own("..."));
    int length = bound.integer(0, 255);
    int leeway = bound.value(3, None.NONE) == None.NONE ? 5 : bound.integer(3, 5);
    if (length < end.points() || leeway < 0) {
      throw new Failure("truncate needs a length of at least " + end.points());
    }
    if (s.points() <= (long) length + leeway) {
      return s;
    }
    Str cut = s.slice(0, s.charAt(length - end.points()));
    if (!bound.flag(1, false)) {
      int space = cut.text().lastIndexOf(' ');
      cut = space < 0 ? cut : cut.slice(0, space);
    }
    return new Text(r.budget()).append(cut).append(end).build();
  }

  private static Value center(Render r, Value v, Arguments a) {
    int width = a.bind("center", 0, "width").integer(0, 80);
    return StringMethods.pad(r.str(v), width, Str.own(" "), "center", r.budget());
  }

  private static Value format(Render r, Value v, Arguments a) {
    if (!a.named().isEmpty() && !a.positional().isEmpty()) {
      throw new Failure("can't handle positional and keyword arguments at the same time");
    }
    if (a.named().isEmpty()) {
      return PercentFormat.format(r.str(v), Seq.tuple(a.positional()), r);
    }
    java.util.LinkedHashMap<Value, Value> entries = new java.util.LinkedHashMap<>();
    a.named().forEach((name, value) -> entries.put(Str.own(name), value));
    return PercentFormat.format(r.str(v), new Dict(entries), r);
  }

  private static Value urlEncode(Render r, Value v, Arguments a) {
    if (v instanceof Dict || v instanceof Seq) {
      throw new Failure("urlencode is for text here");
    }
    Str s = r.str(v);
    return Casing.map(
        s,
        text -> {
          r.budget().chars(text.length() * 9L);
          StringBuilder out = new StringBuilder();
          for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = b > 0 && (Character.isLetterOrDigit(b) || "_.-~/".indexOf(b) >= 0);
            out.append(plain ? String.valueOf((char) b) : String.format("%%%02X", b & 0xff));
          }
          return out.toString();
        },
        r.budget());
  }

  private static Value wordCount(Render r, Value v, Arguments a) {
    String text = r.str(v).text();
    r.budget().scan(text.length());
    long count = 0;
    boolean inside = false;
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      boolean word = Chars.isWord(text.codePointAt(i));
      count += word && !inside ? 1 : 0;
      inside = word;
    }
    return Num.of(count);
  }

  private static Value join(Render r, Value v, Arguments a) {
    Bound bound = a.bind("join", 0, "d", "attribute");
    List<Str> parts = new ArrayList<>();
    Value attribute = bound.value(1, None.NONE);
    for (Value item : Iteration.of(v, r.budget())) {
      r.budget().step();
      parts.add(r.str(attribute == None.NONE ? item : Paths.follow(r, item, attribute)));
    }
    return Markups.plainJoin(r.str(bound.value(0, Str.EMPTY)), parts, r.budget());
  }
}
