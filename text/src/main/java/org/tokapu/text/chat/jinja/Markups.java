package org.tokapu.text.chat.jinja;

import java.util.ArrayList;
import java.util.List;

/// HTML escaping, and strings that have been through it.
///
/// As in Python, a plain string that meets an escaped one by `+` is escaped itself; `~` and the
/// filter `join` leave both as they are.
final class Markups {
  private Markups() {}

  /// Joins texts; if one is markup, the others are escaped.
  static Str join(Str separator, List<Str> parts, Budget budget) {
    boolean markup = separator.isMarkup();
    for (Str part : parts) {
      markup |= part.isMarkup();
    }
    if (!markup) {
      return plainJoin(separator, parts, budget);
    }
    List<Str> escaped = new ArrayList<>(parts.size());
    for (Str part : parts) {
      escaped.add(escape(part, budget));
    }
    return plainJoin(escape(separator, budget), escaped, budget).asMarkup(true);
  }

  /// Joins texts as they are.
  static Str plainJoin(Str separator, List<Str> parts, Budget budget) {
    Text out = new Text(budget);
    for (int i = 0; i < parts.size(); i++) {
      if (i > 0) {
        out.append(separator);
      }
      out.append(parts.get(i));
    }
    return out.build();
  }

  /// Escapes what is not yet markup.
  static Str escape(Str value, Budget budget) {
    return value.isMarkup() ? value : escapeAlways(value, budget);
  }

  static Str escapeAlways(Str value, Budget budget) {
    Text out = new Text(budget);
    String text = value.text();
    int done = 0;
    for (int i = 0; i < text.length(); i++) {
      String entity =
          switch (text.charAt(i)) {
            case '&' -> "&amp;";
            case '<' -> "&lt;";
            case '>' -> "&gt;";
            case '"' -> "&#34;";
            case '\'' -> "&#39;";
            default -> "";
          };
      if (!entity.isEmpty()) {
        out.append(value, done, i).append(entity, value.isForeign(i));
        done = i + 1;
      }
    }
    return out.append(value, done, text.length()).build().asMarkup(true);
  }

  /// Removes comments and tags, and joins runs of white space.
  static Str stripTags(Str value, Budget budget) {
    String text = value.text();
    budget.scan(text.length());
    Text out = new Text(budget);
    int done = 0;
    for (int open = text.indexOf('<'); open >= 0; open = text.indexOf('<', done)) {
      boolean comment = text.startsWith("<!--", open);
      int end = text.indexOf(comment ? "-->" : ">", open);
      if (end < 0) {
        break;
      }
      out.append(value, done, open);
      done = end + (comment ? 3 : 1);
    }
    Str bare = out.append(value, done, text.length()).build();
    return plainJoin(Str.own(" "), Splitting.words(bare, -1, budget), budget);
  }
}
