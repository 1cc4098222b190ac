package org.tokapu.model.file;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;

/// The types of metadata values in a GGUF file.
public enum GgufType {
  /// An unsigned byte.
  UINT8(0, 1),
  /// A signed byte.
  INT8(1, 1),
  /// An unsigned 16-bit integer.
  UINT16(2, 2),
  /// A signed 16-bit integer.
  INT16(3, 2),
  /// An unsigned 32-bit integer.
  UINT32(4, 4),
  /// A signed 32-bit integer.
  INT32(5, 4),
  /// An IEEE float32.
  FLOAT32(6, 4),
  /// One byte, 0 or 1.
  BOOL(7, 1),
  /// UTF-8 with its length in bytes (64 bits) before it.
  STRING(8, 8),
  /// An element type (32 bits), a count (64 bits) and the elements.
  ARRAY(9, 12),
  /// An unsigned 64-bit integer.
  UINT64(10, 8),
  /// A signed 64-bit integer.
  INT64(11, 8),
  /// An IEEE float64.
  FLOAT64(12, 8);

  private static final GgufType[] ALL = values();
  private final int id;
  private final int minBytes;

  GgufType(int id, int minBytes) {
    this.id = id;
    this.minBytes = minBytes;
  }

  /// Returns the type of this number, if there is one.
  static Optional<GgufType> of(int id) {
    return Arrays.stream(ALL).filter(type -> type.id == id).findFirst();
  }

  /// Returns its number in a file.
  int id() {
    return id;
  }

  /// Returns the size of a value, or the smallest size of a string or an array, in bytes.
  int minBytes() {
    return minBytes;
  }

  /// Returns whether values have one size: everything but strings and arrays.
  boolean hasFixedSize() {
    return this != STRING && this != ARRAY;
  }

  /// Returns whether values are whole numbers.
  public boolean isInteger() {
    return hasFixedSize() && this != BOOL && this != FLOAT32 && this != FLOAT64;
  }

  /// Returns whether values are floating-point numbers.
  public boolean isFloat() {
    return this == FLOAT32 || this == FLOAT64;
  }

  /// Returns whether `value`, as plain Java, can be stored as this type without loss (but for the
  /// rounding of a double to a float32).
  boolean holds(Object value) {
    return switch (this) {
      case BOOL -> value instanceof Boolean;
      case STRING -> value instanceof String;
      case ARRAY -> value instanceof GgufArray;
      case FLOAT32, FLOAT64 -> value instanceof Double;
      case UINT64 ->
          (value instanceof Long n && n >= 0)
              || (value instanceof BigInteger b && b.signum() >= 0 && b.bitLength() <= 64);
      case INT64 -> value instanceof Long;
      case INT8 -> value instanceof Long n && n == n.byteValue();
      case INT16 -> value instanceof Long n && n == n.shortValue();
      case INT32 -> value instanceof Long n && n == n.intValue();
      case UINT8, UINT16, UINT32 -> value instanceof Long n && n >= 0 && n >> (8 * minBytes) == 0;
    };
  }

  /// Reads a value of fixed size as plain Java: `Long` (`BigInteger` for a uint64 beyond it),
  /// `Double` or `Boolean`.
  Object read(MemorySegment data, long offset) {
    return switch (this) {
      case UINT8 -> (long) (data.get(ValueLayout.JAVA_BYTE, offset) & 0xFF);
      case INT8 -> (long) data.get(ValueLayout.JAVA_BYTE, offset);
      case UINT16 -> (long) (data.get(ByteCursor.SHORT, offset) & 0xFFFF);
      case INT16 -> (long) data.get(ByteCursor.SHORT, offset);
      case UINT32 -> data.get(ByteCursor.INT, offset) & 0xFFFF_FFFFL;
      case INT32 -> (long) data.get(ByteCursor.INT, offset);
      case INT64 -> data.get(ByteCursor.LONG, offset);
      case UINT64 -> unsigned(data.get(ByteCursor.LONG, offset));
      case FLOAT32 -> (double) Float.intBitsToFloat(data.get(ByteCursor.INT, offset));
      case FLOAT64 -> Double.longBitsToDouble(data.get(ByteCursor.LONG, offset));
      case BOOL -> data.get(ValueLayout.JAVA_BYTE, offset) != 0;
      case STRING, ARRAY -> throw new IllegalArgumentException(this + " has no fixed size");
    };
  }

  /// Returns the bits of a value of fixed size that [#holds] accepts, lowest byte first.
  long bits(Object value) {
    return switch (value) {
      case Boolean b -> b ? 1 : 0;
      case Double d when this == FLOAT32 -> Float.floatToRawIntBits(d.floatValue());
      case Double d -> Double.doubleToRawLongBits(d);
      case Number n -> n.longValue();
      default -> throw new IllegalArgumentException(value.getClass() + " is no " + this);
    };
  }

  private static Object unsigned(long value) {
    return value >= 0 ? (Object) value : new BigInteger(Long.toUnsignedString(value));
  }
}
