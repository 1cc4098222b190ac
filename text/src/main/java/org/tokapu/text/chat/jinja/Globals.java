package org.tokapu.text.chat.jinja;

import static java.util.Map.entry;

import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tokapu.text.chat.jinja.Arguments.Bound;

/// The functions that every template can call.
final class Globals {
  /// Ranges may be as long as the sandbox of Jinja allows.
  private static final long MAX_RANGE = 100_000;

  static final Map<String, Value> ALL =
      Map.ofEntries(
          function("range", Globals::range),
          function("namespace", Globals::namespace),
          function("dict", Globals::dict),
          function("raise_exception", Globals::raise),
          function("strftime_now", Globals::now),
          function("joiner", Globals::joiner),
          function("cycler", (_, arguments) -> new Cycler(arguments.positional())));

  private Globals() {}

  private static Map.Entry<String, Value> function(String name, Native.Body body) {
    return entry(name, new Native(name, body));
  }

  private static Value range(Render render, Arguments arguments) {
    Bound bound = arguments.bind("range", 1, "start", "stop", "step");
    long start = bound.has(1) ? bound.integer(0, 0) : 0;
    long stop = bound.has(1) ? bound.integer(1, 0) : bound.integer(0, 0);
    long step = bound.integer(2, 1);
    if (step == 0) {
      throw new Failure("range() arg 3 must not be zero");
    }
    long span = step > 0 ? stop - start : start - stop;
    long count = span <= 0 ? 0 : (span + Math.abs(step) - 1) / Math.abs(step);
    if (count > MAX_RANGE) {
      throw new Failure(
          "Range too big. The sandbox blocks ranges larger than MAX_RANGE (" + MAX_RANGE + ").");
    }
    render.budget().items(count);
    List<Value> items = new ArrayList<>((int) count);
    for (long i = 0; i < count; i++) {
      items.add(Num.of(start + i * step));
    }
    return new Seq(Seq.Kind.RANGE, items);
  }

  private static Value namespace(Render render, Arguments arguments) {
    Namespace namespace = new Namespace();
    Value from = new Arguments(arguments.positional(), Map.of()).bind("namespace", 0, "d").value(0);
    if (from instanceof Dict dict) {
      render.budget().items(dict.size());
      dict.entries().forEach((key, value) -> namespace.set(render.str(key).text(), value));
    } else if (from != None.NONE) {
      throw new Failure("namespace() takes a mapping or names");
    }
    arguments.named().forEach(namespace::set);
    return namespace;
  }

  private static Value dict(Render render, Arguments arguments) {
    LinkedHashMap<Value, Value> entries = new LinkedHashMap<>();
    Value from = new Arguments(arguments.positional(), Map.of()).bind("dict", 0, "d").value(0);
    if (from instanceof Dict other) {
      render.budget().items(2L * other.size());
      entries.putAll(other.entries());
    } else if (from != None.NONE) {
      for (Value pair : Iteration.of(from, render.budget())) {
        List<Value> parts = Iteration.of(pair, render.budget());
        if (parts.size() != 2) {
          throw new Failure("dict() takes pairs");
        }
        render.budget().items(2);
        entries.put(Dict.key(parts.get(0), render.budget()), parts.get(1));
      }
    }
    arguments.named().forEach((name, value) -> entries.put(Str.own(name), value));
    return new Dict(entries);
  }

  private static Value raise(Render render, Arguments arguments) {
    Value message = arguments.bind("raise_exception", 1, "message").value(0);
    throw new Failure(render.str(message).text(), 0, true);
  }

  private static Value now(Render render, Arguments arguments) {
    String format = arguments.bind("strftime_now", 1, "format").string(0).text();
    return Str.own(Strftime.format(format, ZonedDateTime.now(render.clock())));
  }

  private static Value joiner(Render render, Arguments arguments) {
    Value separator = arguments.bind("joiner", 0, "sep").value(0, Str.own(", "));
    boolean[] used = {false};
    return new Native(
        "joiner",
        (_, _) -> {
          Value value = used[0] ? separator : Str.EMPTY;
          used[0] = true;
          return value;
        });
  }

  /// `cycler(...)`.
  private static final class Cycler implements Thing {
    private final List<Value> items;
    private int at;

    Cycler(List<Value> items) {
      if (items.isEmpty()) {
        throw new Failure("at least one item has to be provided");
      }
      this.items = items;
    }

    @Override
    public @Nullable Value attribute(String name) {
      return switch (name) {
        case "current" -> items.get(at);
        case "next" ->
            new Native(
                "next",
                (_, _) -> {
                  Value value = items.get(at);
                  at = (at + 1) % items.size();
                  return value;
                });
        case "reset" ->
            new Native(
                "reset",
                (_, _) -> {
                  at = 0;
                  return None.NONE;
                });
        default -> null;
      };
    }

    @Override
    public boolean isCallable() {
      return false;
    }

    @Override
    public String type() {
      return "jinja2.utils.Cycler";
    }
  }
}
