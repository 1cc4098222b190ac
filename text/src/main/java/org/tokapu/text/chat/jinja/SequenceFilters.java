package org.tokapu.text.chat.jinja;

import static java.util.Map.entry;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.tokapu.text.chat.jinja.Arguments.Bound;

/// Filters that arrange the items of something.
final class SequenceFilters {
  static final Map<String, Filter> ALL =
      Map.ofEntries(
          entry("length", SequenceFilters::length),
          entry("count", SequenceFilters::length),
          entry("first", SequenceFilters::first),
          entry("last", SequenceFilters::last),
          entry("list", SequenceFilters::list),
          entry("items", SequenceFilters::items),
          entry("reverse", SequenceFilters::reverse),
          entry("sort", SequenceFilters::sort),
          entry("dictsort", SequenceFilters::dictSort),
          entry("unique", SequenceFilters::unique),
          entry("groupby", SequenceFilters::groupBy),
          entry("batch", SequenceFilters::batch),
          entry("slice", SequenceFilters::slice),
          entry("min", (r, v, a) -> extreme(r, v, a, false)),
          entry("max", (r, v, a) -> extreme(r, v, a, true)),
          entry("sum", SequenceFilters::sum));

  private SequenceFilters() {}

  private static Value length(Render r, Value v, Arguments a) {
    return switch (v) {
      case Str s -> {
        r.budget().scan(s.length());
        yield Num.of(s.points());
      }
      case Dict d -> Num.of(d.size());
      case Seq s when s.kind() != Seq.Kind.GENERATOR -> Num.of(s.items().size());
      case Undefined u -> {
        if (u.unsafe()) {
          throw u.failure();
        }
        yield Num.of(0);
      }
      case Seq _, Num _, None _, Thing _ ->
          throw new Failure("object of type '" + v.type() + "' has no len()");
    };
  }

  private static Value first(Render r, Value v, Arguments a) {
    if (v instanceof Seq s && s.kind() == Seq.Kind.GENERATOR && !s.items().isEmpty()) {
      return s.next();
    }
    if (v instanceof Str s && s.length() > 0) {
      return s.slice(0, s.charAt(1));
    }
    List<Value> items = Iteration.of(v, r.budget());
    return items.isEmpty()
        ? new Undefined("No first item, sequence was empty.", false)
        : items.getFirst();
  }

  private static Value last(Render r, Value v, Arguments a) {
    if (v instanceof Str s && s.length() > 0) {
      return s.slice(s.text().offsetByCodePoints(s.length(), -1), s.length());
    }
    if (v instanceof Seq s && s.kind() == Seq.Kind.GENERATOR) {
      throw new Failure("'generator' object is not reversible");
    }
    List<Value> items = Iteration.of(v, r.budget());
    return items.isEmpty()
        ? new Undefined("No last item, sequence was empty.", false)
        : items.getLast();
  }

  private static Value list(Render r, Value v, Arguments a) {
    List<Value> items = Iteration.of(v, r.budget());
    r.budget().items(items.size());
    return Seq.list(new ArrayList<>(items));
  }

  private static Value items(Render r, Value v, Arguments a) {
    if (v instanceof Undefined) {
      return Seq.generator(List.of());
    }
    if (!(v instanceof Dict d)) {
      throw new Failure("Can only get item pairs from a mapping.");
    }
    r.budget().items(2L * d.size());
    return Seq.generator(d.items());
  }

  private static Value reverse(Render r, Value v, Arguments a) {
    if (v instanceof Str s) {
      return Slices.slice(s, None.NONE, None.NONE, Num.of(-1), r.budget());
    }
    List<Value> items = new ArrayList<>(Iteration.of(v, r.budget()));
    r.budget().items(items.size());
    Collections.reverse(items);
    return Seq.generator(items);
  }

  /// Returns what items are compared by: an attribute, strings without case.
  private static Function<Value, Value> key(Render r, Value attribute, boolean caseSensitive) {
    return item -> {
      r.budget().step();
      Value value = attribute == None.NONE ? item : Paths.follow(r, item, attribute);
      return !caseSensitive && value instanceof Str s ? Casing.lower(s, r.budget()) : value;
    };
  }

  /// An item and what it is compared by.
  private record Keyed(List<Value> keys, Value item) {}

  private static List<Value> sorted(
      Render r, List<Value> items, List<Function<Value, Value>> keys, boolean reverse) {
    r.budget().items(items.size());
    List<Keyed> keyed = new ArrayList<>(items.size());
    for (Value item : items) {
      List<Value> by = new ArrayList<>(keys.size());
      keys.forEach(key -> by.add(key.apply(item)));
      keyed.add(new Keyed(by, item));
    }
    Comparator<Keyed> order =
        (a, b) -> {
          r.budget().step();
          for (int i = 0; i < a.keys.size(); i++) {
            int by = Comparisons.order(a.keys.get(i), b.keys.get(i), "<", r.budget());
            if (by != 0) {
              return by;
            }
          }
          return 0;
        };
    keyed.sort(reverse ? order.reversed() : order);
    List<Value> out = new ArrayList<>(items.size());
    keyed.forEach(k -> out.add(k.item));
    return out;
  }

  private static Value sort(Render r, Value v, Arguments a) {
    Bound bound = a.bind("sort", 0, "reverse", "case_sensitive", "attribute");
    boolean caseSensitive = bound.flag(1, false);
    Value attribute = bound.value(2, None.NONE);
    List<Function<Value, Value>> keys = new ArrayList<>();
    if (attribute instanceof Str several) {
      for (Str one : Splitting.split(several, ",", -1, r.budget())) {
        keys.add(key(r, one, caseSensitive));
      }
    } else {
      keys.add(key(r, attribute, caseSensitive));
    }
    return Seq.list(sorted(r, Iteration.of(v, r.budget()), keys, bound.flag(0, false)));
  }

  private static Value dictSort(Render r, Value v, Arguments a) {
    Bound bound = a.bind("dictsort", 0, "case_sensitive", "by", "reverse");
    String by = bound.string(1, Str.own("key")).text();
    if (!by.equals("key") && !by.equals("value")) {
      throw new Failure("You can only sort by either \"key\" or \"value\"");
    }
    if (v instanceof Undefined u) {
      throw u.failure();
    }
    if (!(v instanceof Dict d)) {
      throw new Failure("'" + v.type() + "' object has no attribute 'items'");
    }
    r.budget().items(2L * d.size());
    Value index = Num.of(by.equals("key") ? 0 : 1);
    return Seq.list(
        sorted(r, d.items(), List.of(key(r, index, bound.flag(0, false))), bound.flag(2, false)));
  }

  private static Value unique(Render r, Value v, Arguments a) {
    Bound bound = a.bind("unique", 0, "case_sensitive", "attribute");
    Function<Value, Value> key = key(r, bound.value(1, None.NONE), bound.flag(0, false));
    Set<Value> seen = new HashSet<>();
    List<Value> out = new ArrayList<>();
    List<Value> items = Iteration.of(v, r.budget());
    r.budget().items(items.size());
    for (Value item : items) {
      if (seen.add(Dict.key(key.apply(item), r.budget()))) {
        out.add(item);
      }
    }
    return Seq.generator(out);
  }

  private static Value groupBy(Render r, Value v, Arguments a) {
    Bound bound = a.bind("groupby", 1, "attribute", "default", "case_sensitive");
    Value otherwise = bound.optional(1);
    Function<Value, Value> path =
        item -> {
          Value value = Paths.follow(r, item, bound.value(0));
          return value instanceof Undefined && otherwise != null ? otherwise : value;
        };
    Function<Value, Value> plain = key(r, None.NONE, bound.flag(2, false));
    Function<Value, Value> key = item -> plain.apply(path.apply(item));
    LinkedHashMap<Value, List<Value>> groups = new LinkedHashMap<>();
    for (Value item : sorted(r, Iteration.of(v, r.budget()), List.of(key), false)) {
      groups
          .computeIfAbsent(Dict.key(key.apply(item), r.budget()), _ -> new ArrayList<>())
          .add(item);
    }
    List<Value> out = new ArrayList<>();
    for (List<Value> group : groups.values()) {
      Value name = path.apply(group.getFirst());
      out.add(new Seq(Seq.Kind.GROUP, List.of(name, Seq.list(group))));
    }
    return Seq.list(out);
  }

  private static Value batch(Render r, Value v, Arguments a) {
    Bound bound = a.bind("batch", 1, "linecount", "fill_with");
    int size = bound.integer(0, 1);
    Value fill = bound.value(1, None.NONE);
    List<Value> items = Iteration.of(v, r.budget());
    r.budget().items(2L * items.size());
    List<Value> out = new ArrayList<>();
    List<Value> row = new ArrayList<>();
    for (Value item : items) {
      if (row.size() == size) {
        out.add(Seq.list(row));
        row = new ArrayList<>();
      }
      row.add(item);
    }
    if (!row.isEmpty()) {
      if (fill != None.NONE && row.size() < size) {
        r.budget().items(size);
        row.addAll(Collections.nCopies(size - row.size(), fill));
      }
      out.add(Seq.list(row));
    }
    return Seq.generator(out);
  }

  private static Value slice(Render r, Value v, Arguments a) {
    Bound bound = a.bind("slice", 1, "slices", "fill_with");
    int slices = bound.integer(0, 1);
    Value fill = bound.value(1, None.NONE);
    List<Value> items = Iteration.of(v, r.budget());
    if (slices == 0) {
      throw new Failure("integer division or modulo by zero");
    }
    r.budget().items(2L * items.size() + 2L * Math.max(0, slices));
    List<Value> out = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < slices; i++) {
      boolean extra = i < items.size() % slices;
      int end = start + items.size() / slices + (extra ? 1 : 0);
      List<Value> part = new ArrayList<>(items.subList(start, end));
      if (fill != None.NONE && !extra) {
        part.add(fill);
      }
      out.add(Seq.list(part));
      start = end;
    }
    return Seq.generator(out);
  }

  private static Value extreme(Render r, Value v, Arguments a, boolean largest) {
    Bound bound = a.bind(largest ? "max" : "min", 0, "case_sensitive", "attribute");
    Function<Value, Value> key = key(r, bound.value(1, None.NONE), bound.flag(0, false));
    List<Value> items = Iteration.of(v, r.budget());
    if (items.isEmpty()) {
      return new Undefined("No aggregated item, sequence was empty.", false);
    }
    Value best = items.getFirst();
    Value bestKey = key.apply(best);
    for (Value item : items.subList(1, items.size())) {
      Value by = key.apply(item);
      int order = Comparisons.order(by, bestKey, largest ? ">" : "<", r.budget());
      if (largest ? order > 0 : order < 0) {
        best = item;
        bestKey = by;
      }
    }
    return best;
  }

  private static Value sum(Render r, Value v, Arguments a) {
    Bound bound = a.bind("sum", 0, "attribute", "start");
    Value attribute = bound.value(0, None.NONE);
    Value sum = bound.value(1, Num.of(0));
    for (Value item : Iteration.of(v, r.budget())) {
      r.budget().step();
      Value value = attribute == None.NONE ? item : Paths.follow(r, item, attribute);
      sum = Operators.apply("+", sum, value, r);
    }
    return sum;
  }
}
