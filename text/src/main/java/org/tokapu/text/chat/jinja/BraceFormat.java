package org.tokapu.text.chat.jinja;

/// `"{} {0.name[key]!r:>10}".format(...)`.
final class BraceFormat {
  private final Arguments arguments;
  private final Render render;
  private int automatic;

  private BraceFormat(Arguments arguments, Render render) {
    this.arguments = arguments;
    this.render = render;
  }

  static Str format(Str format, Arguments arguments, Render render) {
    return new BraceFormat(arguments, render).run(format, 0);
  }

  private Str run(Str format, int nesting) {
    if (nesting > 1) {
      throw new Failure("Max string recursion exceeded");
    }
    Text out = render.text();
    String text = format.text();
    int done = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '{' && c != '}') {
        continue;
      }
      render.budget().step();
      out.append(format, done, i);
      if (i + 1 < text.length() && text.charAt(i + 1) == c) {
        out.append(format, i, i + 1);
        done = i + 2;
      } else if (c == '}') {
        throw new Failure("Single '}' encountered in format string");
      } else {
        int end = end(text, i);
        out.append(field(format.slice(i + 1, end), nesting));
        done = end + 1;
      }
      i = done - 1;
    }
    return out.append(format, done, text.length()).build();
  }

  private static int end(String text, int open) {
    int depth = 0;
    for (int i = open; i < text.length(); i++) {
      depth += text.charAt(i) == '{' ? 1 : text.charAt(i) == '}' ? -1 : 0;
      if (depth == 0) {
        return i;
      }
    }
    throw new Failure("expected '}' before end of string");
  }

  private Str field(Str field, int nesting) {
    String text = field.text();
    int colon = text.indexOf(':');
    int bracket = text.indexOf('[');
    if (bracket >= 0 && bracket < colon) {
      colon = text.indexOf(':', Math.max(bracket, text.indexOf(']')));
    }
    String name = colon < 0 ? text : text.substring(0, colon);
    String spec = colon < 0 ? "" : run(field.slice(colon + 1, text.length()), nesting + 1).text();
    char conversion = 0;
    int mark = name.indexOf('!');
    if (mark >= 0) {
      if (mark != name.length() - 2) {
        throw new Failure("expected ':' after conversion specifier");
      }
      conversion = name.charAt(mark + 1);
      name = name.substring(0, mark);
    }
    Value value = lookup(name);
    if (conversion != 0) {
      value = conversion == 's' ? render.str(value) : Repr.repr(value, render.budget());
    }
    return FormatSpec.parse(spec).value(value, render);
  }

  private Value lookup(String path) {
    int end = 0;
    while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
      end++;
    }
    Value value = argument(path.substring(0, end));
    while (end < path.length()) {
      boolean dot = path.charAt(end) == '.';
      int start = end + 1;
      end = start;
      while (end < path.length()
          && (dot ? path.charAt(end) != '.' && path.charAt(end) != '[' : path.charAt(end) != ']')) {
        end++;
      }
      String key = path.substring(start, end);
      Value index =
          !dot
                  && !key.isEmpty()
                  && key.length() < 10
                  && key.chars().allMatch(c -> c >= '0' && c <= '9')
              ? Num.of(Long.parseLong(key))
              : Str.own(key);
      value =
          dot
              ? Access.attribute(value, key, Str.own(key), render.budget())
              : Access.item(value, index, render.budget());
      if (value instanceof Undefined u) {
        throw u.failure();
      }
      end += dot ? 0 : 1;
    }
    return value;
  }

  private Value argument(String name) {
    boolean index = name.chars().allMatch(c -> c >= '0' && c <= '9') && name.length() < 9;
    if (index) {
      int i = name.isEmpty() ? automatic++ : Integer.parseInt(name);
      if (i >= arguments.positional().size()) {
        throw new Failure("Replacement index " + i + " out of range for positional args tuple");
      }
      return arguments.positional().get(i);
    }
    Value value = arguments.named().get(name);
    if (value == null) {
      throw new Failure("format() has no argument '" + Text.shortened(name) + "'");
    }
    return value;
  }
}
