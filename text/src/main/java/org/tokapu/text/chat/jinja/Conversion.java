package org.tokapu.text.chat.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.TokapuException;

/// Turns plain Java values into values of templates; their strings are foreign but for [Trusted].
final class Conversion {
  private static final int MAX_DEPTH = Seq.MAX_DEPTH - 20;

  private long chars;

  /// Returns the chars of all strings so far.
  long chars() {
    return chars;
  }

  Value of(@Nullable Object value) {
    return of(value, 0);
  }

  private Value of(@Nullable Object value, int depth) {
    if (depth > MAX_DEPTH) {
      throw new TokapuException(
          "a variable of the template is nested deeper than " + MAX_DEPTH + " levels");
    }
    return switch (value) {
      case null -> None.NONE;
      case String s -> {
        chars += s.length();
        yield Str.foreign(s);
      }
      case Trusted t -> Str.own(t.text());
      case Boolean b -> Num.of(b.booleanValue());
      case Double d -> Num.of(d.doubleValue());
      case Float f -> Num.of(f.doubleValue());
      case BigInteger i -> big(i);
      case BigDecimal d -> Num.of(d.doubleValue());
      case Number n -> Num.of(n.longValue());
      case Map<?, ?> map -> map(map, depth);
      case Iterable<?> items -> list(items, depth);
      default ->
          throw new TokapuException(
              "a variable of the template is of " + value.getClass() + ": give plain JSON values");
    };
  }

  private static Num big(BigInteger value) {
    try {
      return Num.of(value);
    } catch (Failure failure) {
      throw new TokapuException("a variable of the template: " + failure.problem(), failure);
    }
  }

  private Value list(Iterable<?> items, int depth) {
    List<Value> values = new ArrayList<>();
    for (Object item : items) {
      chars += 8;
      values.add(of(item, depth + 1));
    }
    return Seq.list(values);
  }

  private Value map(Map<?, ?> map, int depth) {
    LinkedHashMap<Value, Value> entries = LinkedHashMap.newLinkedHashMap(map.size());
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      chars += 16;
      entries.put(Str.foreign(String.valueOf(entry.getKey())), of(entry.getValue(), depth + 1));
    }
    return new Dict(entries);
  }
}
