package org.tokapu.model.file;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/// The number types of safetensors files that can be read as numbers; F8 and the other small floats
/// are listed by a file but have no entry here.
public enum SafetensorsType {
  /// IEEE float64.
  F64(8),
  /// IEEE float32.
  F32(4),
  /// IEEE float16.
  F16(2),
  /// The upper half of a float32.
  BF16(2),
  /// A signed 64-bit integer.
  I64(8),
  /// A signed 32-bit integer.
  I32(4),
  /// A signed 16-bit integer.
  I16(2),
  /// A signed byte.
  I8(1),
  /// An unsigned byte.
  U8(1),
  /// One byte, 0 or 1.
  BOOL(1);

  private final int bytes;

  SafetensorsType(int bytes) {
    this.bytes = bytes;
  }

  /// Returns the type that files spell so.
  static Optional<SafetensorsType> of(String dtype) {
    for (SafetensorsType type : values()) {
      if (type.name().equals(dtype)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /// Returns the size of one number.
  public int bytes() {
    return bytes;
  }

  /// Returns whether the numbers are floating-point.
  public boolean isFloat() {
    return this == F64 || this == F32 || this == F16 || this == BF16;
  }

  /// Reads the `index`-th number, little-endian, rounded to float32.
  float floatAt(MemorySegment data, long index) {
    long at = index * bytes;
    return switch (this) {
      case F64 -> (float) Double.longBitsToDouble(data.get(ByteCursor.LONG, at));
      case F32 -> Float.intBitsToFloat(data.get(ByteCursor.INT, at));
      case F16 -> Float.float16ToFloat(data.get(ByteCursor.SHORT, at));
      case BF16 -> Float.intBitsToFloat(data.get(ByteCursor.SHORT, at) << 16);
      default -> longAt(data, index);
    };
  }

  /// Reads the `index`-th integer or truth value, little-endian.
  ///
  /// @throws IllegalArgumentException if this is a floating-point type
  long longAt(MemorySegment data, long index) {
    long at = index * bytes;
    return switch (this) {
      case I64 -> data.get(ByteCursor.LONG, at);
      case I32 -> data.get(ByteCursor.INT, at);
      case I16 -> data.get(ByteCursor.SHORT, at);
      case I8 -> data.get(ValueLayout.JAVA_BYTE, at);
      case U8, BOOL -> data.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
      case F64, F32, F16, BF16 -> throw new IllegalArgumentException(this + " holds no integers");
    };
  }
}
