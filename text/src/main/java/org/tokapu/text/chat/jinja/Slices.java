package org.tokapu.text.chat.jinja;

import java.util.ArrayList;
import java.util.List;

/// `value[start:stop:step]` with Python's rules.
final class Slices {
  private Slices() {}

  /// A bound that is absent is [None].
  static Value slice(Value value, Value start, Value stop, Value step, Budget budget) {
    return switch (value) {
      case Undefined u -> throw u.failure();
      case Str s -> slice(s, start, stop, step, budget);
      case Seq s when s.isIndexed() -> slice(s, start, stop, step, budget);
      case Seq _, Dict _, Num _, None _, Thing _ ->
          throw new Failure("'" + value.type() + "' object cannot be sliced");
    };
  }

  private static Value slice(Seq seq, Value start, Value stop, Value step, Budget budget) {
    Range range = Range.of(start, stop, step, seq.items().size());
    budget.items(range.count);
    List<Value> items = new ArrayList<>(range.count);
    for (int i = 0; i < range.count; i++) {
      items.add(seq.items().get(range.at(i)));
    }
    return new Seq(seq.kind() == Seq.Kind.GROUP ? Seq.Kind.TUPLE : seq.kind(), items);
  }

  private static Value slice(Str s, Value start, Value stop, Value step, Budget budget) {
    budget.scan(s.length());
    int points = s.points();
    Range range = Range.of(start, stop, step, points);
    if (range.step == 1) {
      budget.chars(range.count);
      int from = s.charAt(range.first);
      return s.slice(from, s.text().offsetByCodePoints(from, range.count));
    }
    Text out = new Text(budget);
    boolean plain = points == s.length();
    for (int i = 0; i < range.count; i++) {
      budget.step();
      int at = plain ? range.at(i) : s.charAt(range.at(i));
      if (!plain) {
        budget.scan(at);
      }
      out.append(s, at, at + Character.charCount(s.text().codePointAt(at)));
    }
    return out.build();
  }

  /// The positions of a slice.
  private record Range(int first, int step, int count) {
    static Range of(Value start, Value stop, Value step, int length) {
      long by = step == None.NONE ? 1 : index(step);
      if (by == 0) {
        throw new Failure("slice step cannot be zero");
      }
      long low = by > 0 ? 0 : -1;
      long high = by > 0 ? length : length - 1;
      long from = start == None.NONE ? (by > 0 ? low : high) : bound(start, length, low, high);
      long to = stop == None.NONE ? (by > 0 ? high : low) : bound(stop, length, low, high);
      long span = by > 0 ? to - from : from - to;
      long stride = Math.min(Math.abs(Math.max(by, -Integer.MAX_VALUE)), Integer.MAX_VALUE);
      int count = span <= 0 ? 0 : (int) ((span + stride - 1) / stride);
      int first = count == 0 ? 0 : (int) from;
      return new Range(first, (int) (by > 0 ? stride : -stride), count);
    }

    private static long bound(Value value, int length, long low, long high) {
      long i = index(value);
      return Math.clamp(i < 0 ? i + length : i, low, high);
    }

    private static long index(Value value) {
      if (value instanceof Undefined u) {
        throw u.failure();
      }
      if (!(value instanceof Num n) || n.isReal()) {
        throw new Failure("slice indices must be integers or None");
      }
      return n.index();
    }

    int at(int i) {
      return first + i * step;
    }
  }
}
