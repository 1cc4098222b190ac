package org.tokapu.text.chat.jinja;

import java.util.List;

/// A list, a tuple, or something else that yields values in order.
final class Seq implements Value {
  /// Deeper nesting of lists and mappings is refused.
  static final int MAX_DEPTH = 600;

  /// What Python calls it, and what it can do.
  enum Kind {
    LIST("list"),
    TUPLE("tuple"),
    /// A tuple of `groupby`, with the attributes `grouper` and `list`.
    GROUP("tuple"),
    RANGE("range"),
    KEYS("dict_keys"),
    VALUES("dict_values"),
    ITEMS("dict_items"),
    /// Yields its values once.
    GENERATOR("generator");

    private final String type;

    Kind(String type) {
      this.type = type;
    }
  }

  private final Kind kind;
  private List<Value> items;
  private final long weight;
  private final int depth;

  Seq(Kind kind, List<Value> items) {
    this.kind = kind;
    this.items = items;
    long sum = 1;
    int deepest = 0;
    for (Value item : items) {
      sum += item.weight();
      deepest = Math.max(deepest, item.depth());
      if (sum < 0) {
        sum = Long.MAX_VALUE / 2;
      }
    }
    weight = Math.min(sum, Long.MAX_VALUE / 4);
    depth = checked(deepest + 1);
  }

  static int checked(int depth) {
    if (depth > MAX_DEPTH) {
      throw new Failure("lists or mappings are nested deeper than " + MAX_DEPTH);
    }
    return depth;
  }

  static Seq list(List<Value> items) {
    return new Seq(Kind.LIST, items);
  }

  static Seq tuple(List<Value> items) {
    return new Seq(Kind.TUPLE, items);
  }

  static Seq generator(List<Value> items) {
    return new Seq(Kind.GENERATOR, items);
  }

  Kind kind() {
    return kind;
  }

  /// Returns the items to go through; a generator is empty afterwards.
  List<Value> iterate() {
    List<Value> all = items;
    if (kind == Kind.GENERATOR) {
      items = List.of();
    }
    return all;
  }

  /// Takes the next item out of a generator; the caller knows that there is one.
  Value next() {
    Value first = items.getFirst();
    items = items.subList(1, items.size());
    return first;
  }

  /// Returns the items without using up a generator.
  List<Value> items() {
    return items;
  }

  /// Returns whether items can be asked for by position.
  boolean isIndexed() {
    return switch (kind) {
      case LIST, TUPLE, GROUP, RANGE -> true;
      case KEYS, VALUES, ITEMS, GENERATOR -> false;
    };
  }

  /// Returns whether it is a tuple.
  boolean isTuple() {
    return kind == Kind.TUPLE || kind == Kind.GROUP;
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
    return kind.type;
  }

  @Override
  public boolean truth() {
    return kind == Kind.GENERATOR || !items.isEmpty();
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || other instanceof Seq s
            && kind != Kind.GENERATOR
            && kind.type.equals(s.kind.type)
            && items.equals(s.items);
  }

  @Override
  public int hashCode() {
    return kind == Kind.GENERATOR ? System.identityHashCode(this) : items.hashCode();
  }
}
