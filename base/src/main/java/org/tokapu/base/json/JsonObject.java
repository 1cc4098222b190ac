package org.tokapu.base.json;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.ModelFormatException;

/// A JSON object read with types: each accessor names file, path and what was expected when it
/// fails.
///
/// A key that is absent and a key that is `null` are the same.
public final class JsonObject {
  private final Map<String, @Nullable Object> values;
  private final String source;
  private final String path;

  private JsonObject(Map<String, @Nullable Object> values, String source, String path) {
    this.values = values;
    this.source = source;
    this.path = path;
  }

  /// Views a parsed value as an object.
  ///
  /// @param source the file, for messages
  /// @param path where in the file, for messages; empty at the top
  @SuppressWarnings("unchecked")
  public static JsonObject of(@Nullable Object value, String source, String path) {
    if (value instanceof Map<?, ?> map) {
      return new JsonObject((Map<String, @Nullable Object>) map, source, path);
    }
    throw new ModelFormatException(
        source, path.isEmpty() ? "JSON" : path, "should be an object, is " + kind(value));
  }

  /// Returns the plain map, in file order.
  public Map<String, @Nullable Object> map() {
    return values;
  }

  /// Returns whether the key is there and not null.
  public boolean has(String key) {
    return values.get(key) != null;
  }

  /// Returns a text, or nothing if absent.
  public Optional<String> text(String key) {
    return typed(key, String.class, "a string");
  }

  /// Returns a truth value, or nothing if absent.
  public Optional<Boolean> flag(String key) {
    return typed(key, Boolean.class, "true or false");
  }

  /// Returns an integer, or nothing if absent; a number outside `int` is an error.
  public Optional<Integer> integer(String key) {
    Optional<Long> value = typed(key, Long.class, "an integer");
    if (value.isPresent() && value.get() != value.get().intValue()) {
      throw wrong(key, "is out of range: " + value.get());
    }
    return value.map(Long::intValue);
  }

  /// Returns any number as a double, or nothing if absent.
  public Optional<Double> number(String key) {
    return typed(key, Number.class, "a number").map(Number::doubleValue);
  }

  /// Returns a nested object, or nothing if absent.
  public Optional<JsonObject> object(String key) {
    Object value = values.get(key);
    return value == null ? Optional.empty() : Optional.of(of(value, source, at(key)));
  }

  /// Returns a list, empty if absent.
  @SuppressWarnings("unchecked")
  public List<@Nullable Object> list(String key) {
    return (List<@Nullable Object>) typed(key, List.class, "a list").orElse(List.of());
  }

  /// Returns a list of objects, empty if absent.
  public List<JsonObject> objects(String key) {
    List<JsonObject> out = new ArrayList<>();
    int i = 0;
    for (Object item : list(key)) {
      out.add(of(item, source, at(key) + "[" + i++ + "]"));
    }
    return out;
  }

  /// Returns an error about `key` of this object.
  public ModelFormatException wrong(String key, String problem) {
    return new ModelFormatException(source, at(key), problem);
  }

  private String at(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private <T> Optional<T> typed(String key, Class<T> type, String expected) {
    Object value = values.get(key);
    if (value == null) {
      return Optional.empty();
    }
    if (!type.isInstance(value)) {
      throw wrong(key, "should be " + expected + ", is " + kind(value));
    }
    return Optional.of(type.cast(value));
  }

  private static String kind(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case String s -> "the string \"" + (s.length() > 40 ? s.substring(0, 40) + "..." : s) + "\"";
      case Map<?, ?> _ -> "an object";
      case List<?> _ -> "a list";
      default -> value.toString();
    };
  }
}
