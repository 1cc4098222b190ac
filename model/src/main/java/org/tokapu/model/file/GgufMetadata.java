package org.tokapu.model.file;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.ModelFormatException;

/// The metadata of a GGUF file, in file order, read with types: each accessor names file, key and
/// what was expected when it fails.
public final class GgufMetadata {
  private final String file;
  private final Map<String, GgufValue> values;
  private final Map<String, Object> plain;

  /// Keeps a copy of `values`.
  ///
  /// @param file the file, for messages
  public GgufMetadata(String file, Map<String, GgufValue> values) {
    this.file = file;
    this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    Map<String, Object> map = new LinkedHashMap<>();
    values.forEach((key, value) -> map.put(key, value.value()));
    this.plain = Collections.unmodifiableMap(map);
  }

  /// Returns the values with their stored types, as a writer needs them.
  public Map<String, GgufValue> values() {
    return values;
  }

  /// Returns the plain values: `Long`, `BigInteger`, `Double`, `Boolean`, `String`, `List`.
  public Map<String, Object> map() {
    return plain;
  }

  /// Returns whether the key is there.
  public boolean has(String key) {
    return values.containsKey(key);
  }

  /// Returns a string, or nothing if absent.
  public Optional<String> text(String key) {
    return typed(key, String.class, "a string");
  }

  /// Returns a truth value, or nothing if absent.
  public Optional<Boolean> flag(String key) {
    return typed(key, Boolean.class, "a truth value");
  }

  /// Returns an integer of any stored width, or nothing if absent; one outside `int` is an error.
  public Optional<Integer> integer(String key) {
    Optional<Long> value = typed(key, Long.class, "an integer below 2^63");
    if (value.isPresent() && value.get() != value.get().intValue()) {
      throw wrong(key, "is out of range: " + value.get());
    }
    return value.map(Long::intValue);
  }

  /// Returns any number as a double, or nothing if absent.
  public Optional<Double> number(String key) {
    return typed(key, Number.class, "a number").map(Number::doubleValue);
  }

  /// Returns an array, or nothing if absent.
  public Optional<GgufArray> array(String key) {
    return typed(key, GgufArray.class, "an array");
  }

  /// Returns an array of strings, decoded as they are asked for, or nothing if absent.
  public Optional<List<String>> strings(String key) {
    return array(key, t -> t == GgufType.STRING, "strings").map(GgufArray::strings);
  }

  /// Returns an array of numbers as float32, or nothing if absent.
  public Optional<float[]> floats(String key) {
    return array(key, t -> t.isFloat() || t.isInteger(), "numbers").map(GgufArray::floats);
  }

  /// Returns an array of integers, or nothing if absent; one outside `int` is an error.
  public Optional<int[]> integers(String key) {
    GgufArray array = array(key, GgufType::isInteger, "integers").orElse(null);
    if (array == null) {
      return Optional.empty();
    }
    int[] out = new int[array.size()];
    for (int i = 0; i < out.length; i++) {
      if (!(array.get(i) instanceof Long n) || n != n.intValue()) {
        throw wrong(key + "[" + i + "]", "is out of range: " + array.get(i));
      }
      out[i] = n.intValue();
    }
    return Optional.of(out);
  }

  /// Returns an error about `key` of this file.
  public ModelFormatException wrong(String key, String problem) {
    return new ModelFormatException(file, key, problem);
  }

  private Optional<GgufArray> array(String key, Predicate<GgufType> accepts, String wanted) {
    Optional<GgufArray> array = array(key);
    if (array.isPresent() && !accepts.test(array.get().elementType())) {
      throw wrong(
          key, "should be an array of " + wanted + ", is one of " + array.get().elementType());
    }
    return array;
  }

  private <T> Optional<T> typed(String key, Class<T> type, String expected) {
    @Nullable GgufValue value = values.get(key);
    if (value == null) {
      return Optional.empty();
    }
    if (!type.isInstance(value.value())) {
      throw wrong(key, "should be " + expected + ", is " + value.type());
    }
    return Optional.of(type.cast(value.value()));
  }
}
