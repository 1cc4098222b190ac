package org.tokapu.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.ModelFormatException;

/// What a model's file says about its sizes, under GGUF's names without the architecture's prefix:
/// `embedding_length`, `attention.head_count`, `rope.freq_base`.
///
/// Sources of other kinds translate their names to these. Values are `Long`, `Double`, `Boolean`,
/// `String` and lists of those. Immutable.
public final class Hyperparameters {
  private final String source;
  private final String architecture;
  private final Map<String, Object> values;

  /// @param source the file, for messages
  /// @param architecture GGUF's `general.architecture`
  public Hyperparameters(String source, String architecture, Map<String, Object> values) {
    this.source = source;
    this.architecture = architecture;
    this.values = new TreeMap<>(values);
  }

  /// Returns the file, for messages.
  public String source() {
    return source;
  }

  /// Returns GGUF's name of the family.
  public String architecture() {
    return architecture;
  }

  /// Returns everything, by name. Not to be changed.
  public Map<String, Object> values() {
    return values;
  }

  /// Returns whether the key is there.
  public boolean has(String key) {
    return values.containsKey(key);
  }

  /// Returns a positive size; absent, not positive or beyond `int` is an error.
  public int size(String key) {
    int value = integer(key).orElseThrow(() -> wrong(key, "is missing"));
    if (value <= 0) {
      throw wrong(key, "must be positive, is " + value);
    }
    return value;
  }

  /// Returns a positive size, or `fallback` if absent.
  public int size(String key, int fallback) {
    return has(key) ? size(key) : fallback;
  }

  /// Returns an integer, or nothing if absent. A list whose entries are equal counts as one value.
  public Optional<Integer> integer(String key) {
    Object value = values.get(key);
    if (value instanceof List<?> list && !list.isEmpty()) {
      if (list.stream().distinct().count() > 1) {
        throw wrong(key, "differs from layer to layer, which is not supported: " + list);
      }
      value = list.getFirst();
    }
    return switch (value) {
      case null -> Optional.empty();
      case Long l when l == l.intValue() -> Optional.of(l.intValue());
      case Integer i -> Optional.of(i);
      default -> throw wrong(key, "should be an integer in range, is " + value);
    };
  }

  /// Returns a number, or nothing if absent.
  public Optional<Double> number(String key) {
    return switch (values.get(key)) {
      case null -> Optional.empty();
      case Number n -> Optional.of(n.doubleValue());
      case Object o -> throw wrong(key, "should be a number, is " + o);
    };
  }

  /// Returns a number, or `fallback` if absent.
  public double number(String key, double fallback) {
    return number(key).orElse(fallback);
  }

  /// Returns a required number.
  public double requiredNumber(String key) {
    return number(key).orElseThrow(() -> wrong(key, "is missing"));
  }

  /// Returns a truth value, or `fallback` if absent.
  public boolean flag(String key, boolean fallback) {
    return switch (values.get(key)) {
      case null -> fallback;
      case Boolean b -> b;
      case Object o -> throw wrong(key, "should be true or false, is " + o);
    };
  }

  /// Returns a text, or nothing if absent.
  public Optional<String> text(String key) {
    @Nullable Object value = values.get(key);
    return value == null ? Optional.empty() : Optional.of(value.toString());
  }

  /// Returns an error about `key`.
  public ModelFormatException wrong(String key, String problem) {
    return new ModelFormatException(source, architecture + "." + key, problem);
  }
}
