package org.tokapu.model.file;

import java.util.List;

/// A metadata value with the type under which a GGUF file stores it.
///
/// @param type the stored type
/// @param value the plain value: `Long` for all integers (`BigInteger` for a uint64 beyond it),
///   `Double` for both floats, `Boolean`, `String`, or [GgufArray]
public record GgufValue(GgufType type, Object value) {
  /// Checks that the value fits the type.
  ///
  /// @throws IllegalArgumentException if it does not
  public GgufValue {
    if (!type.holds(value)) {
      throw new IllegalArgumentException(value + " cannot be stored as " + type);
    }
  }

  /// Returns a string.
  public static GgufValue text(String value) {
    return new GgufValue(GgufType.STRING, value);
  }

  /// Returns an unsigned 32-bit integer, the usual type of sizes.
  public static GgufValue uint32(long value) {
    return new GgufValue(GgufType.UINT32, value);
  }

  /// Returns a float32, the usual type of real numbers.
  public static GgufValue float32(double value) {
    return new GgufValue(GgufType.FLOAT32, value);
  }

  /// Returns a truth value.
  public static GgufValue flag(boolean value) {
    return new GgufValue(GgufType.BOOL, value);
  }

  /// Returns an array of strings.
  public static GgufValue strings(List<String> values) {
    return array(GgufType.STRING, values);
  }

  /// Returns an array of plain values of `elementType`.
  public static GgufValue array(GgufType elementType, List<?> values) {
    return new GgufValue(GgufType.ARRAY, GgufArray.of(elementType, values));
  }
}
