package org.tokapu.text.chat.jinja;

import static java.util.Map.entry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// `map`, `select`, `reject` and their attribute forms.
final class SelectionFilters {
  static final Map<String, Filter> ALL =
      Map.ofEntries(
          entry("map", SelectionFilters::map),
          entry("select", (r, v, a) -> select(r, v, a, false, true)),
          entry("reject", (r, v, a) -> select(r, v, a, false, false)),
          entry("selectattr", (r, v, a) -> select(r, v, a, true, true)),
          entry("rejectattr", (r, v, a) -> select(r, v, a, true, false)));

  private SelectionFilters() {}

  private static Value map(Render r, Value v, Arguments a) {
    List<Value> items = items(v, r);
    r.budget().items(items.size());
    List<Value> mapped = new ArrayList<>(items.size());
    if (a.positional().isEmpty()) {
      Value attribute = a.bind("map", 0, "attribute", "default").value(0, None.NONE);
      Value otherwise = a.named().get("default");
      if (attribute == None.NONE) {
        throw new Failure("map requires a filter argument");
      }
      for (Value item : items) {
        Value value = Paths.follow(r, item, attribute);
        mapped.add(value instanceof Undefined && otherwise != null ? otherwise : value);
      }
      return Seq.generator(mapped);
    }
    String name = name(a, 0);
    Filter filter = Filters.ALL.get(name);
    if (filter == null) {
      throw new Failure("No filter named '" + name + "'.");
    }
    Arguments rest = a.skip(1);
    for (Value item : items) {
      r.budget().step();
      mapped.add(filter.apply(r, item, rest));
    }
    return Seq.generator(mapped);
  }

  /// As in Jinja, what is false (`none` too) has no items.
  private static List<Value> items(Value v, Render r) {
    return v.truth() ? Iteration.of(v, r.budget()) : List.of();
  }

  private static String name(Arguments a, int i) {
    if (!(a.positional().get(i) instanceof Str name)) {
      throw new Failure("a filter or test must be named by a str");
    }
    return name.text();
  }

  private static Value select(Render r, Value v, Arguments a, boolean byAttribute, boolean keep) {
    int names = byAttribute ? 1 : 0;
    if (a.positional().size() < names) {
      throw new Failure("Missing parameter for attribute name");
    }
    Tests.Test test = (_, value, _) -> value.truth();
    Arguments rest = Arguments.NONE;
    if (a.positional().size() > names) {
      String name = name(a, names);
      Tests.Test found = Tests.ALL.get(name);
      if (found == null) {
        throw new Failure("No test named '" + name + "'.");
      }
      test = found;
      rest = a.skip(names + 1);
    }
    List<Value> kept = new ArrayList<>();
    List<Value> items = items(v, r);
    r.budget().items(items.size());
    for (Value item : items) {
      r.budget().step();
      Value tested = byAttribute ? Paths.follow(r, item, a.positional().getFirst()) : item;
      if (test.holds(r, tested, rest) == keep) {
        kept.add(item);
      }
    }
    return Seq.generator(kept);
  }
}
