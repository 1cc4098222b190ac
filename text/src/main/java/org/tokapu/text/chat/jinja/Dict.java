package org.tokapu.text.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A mapping in the order of its making.
final class Dict implements Value {
  private final Map<Value, Value> entries;
  private final long weight;
  private final int depth;

  /// Takes over `entries`; every key has passed [#key].
  Dict(Map<Value, Value> entries) {
    this.entries = entries;
    long sum = 1;
    int deepest = 0;
    for (Map.Entry<Value, Value> entry : entries.entrySet()) {
      sum += entry.getKey().weight() + entry.getValue().weight();
      deepest = Math.max(deepest, Math.max(entry.getKey().depth(), entry.getValue().depth()));
      if (sum < 0) {
        sum = Long.MAX_VALUE / 2;
      }
    }
    weight = Math.min(sum, Long.MAX_VALUE / 4);
    depth = Seq.checked(deepest + 1);
  }

  /// Returns `value` if it can be a key.
  static Value key(Value value, Budget budget) {
    if (value instanceof Dict || value instanceof Seq s && !s.isTuple()) {
      throw new Failure("unhashable type: '" + value.type() + "'");
    }
    if (value instanceof Seq tuple) {
      budget.steps(tuple.weight());
      tuple.items().forEach(item -> key(item, budget));
    }
    return value;
  }

  @Nullable Value get(Value key) {
    return entries.get(key);
  }

  Map<Value, Value> entries() {
    return entries;
  }

  int size() {
    return entries.size();
  }

  List<Value> keys() {
    return new ArrayList<>(entries.keySet());
  }

  List<Value> values() {
    return new ArrayList<>(entries.values());
  }

  /// Returns the entries as pairs.
  List<Value> items() {
    List<Value> pairs = new ArrayList<>(entries.size());
    entries.forEach((k, v) -> pairs.add(Seq.tuple(List.of(k, v))));
    return pairs;
  }

  @Override
  public long weight() {
    return weight;
  }

  @Override
  public int depth() {
    return depth;
  }

  @Override
  public String type() {
    return "dict";
  }

  @Override
  public boolean truth() {
    return !entries.isEmpty();
  }

  @Override
  public boolean equals(Object other) {
    return this == other || other instanceof Dict d && entries.equals(d.entries);
  }

  @Override
  public int hashCode() {
    return entries.hashCode();
  }
}
