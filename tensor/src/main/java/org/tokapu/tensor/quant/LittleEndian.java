package org.tokapu.tensor.quant;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Little-endian numbers inside a block's bytes.
final class LittleEndian {
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private LittleEndian() {}

  static int u8(byte[] bytes, int at) {
    return bytes[at] & 0xff;
  }

  static int u16(byte[] bytes, int at) {
    return (short) SHORT.get(bytes, at) & 0xffff;
  }

  static int i32(byte[] bytes, int at) {
    return (int) INT.get(bytes, at);
  }

  static float f16(byte[] bytes, int at) {
    return Float.float16ToFloat((short) SHORT.get(bytes, at));
  }

  static void putU16(byte[] bytes, int at, int value) {
    SHORT.set(bytes, at, (short) value);
  }

  static void putI32(byte[] bytes, int at, int value) {
    INT.set(bytes, at, value);
  }

  /// Stores `value` as the nearest finite F16 and returns what a reader will see.
  ///
  /// A scale must never become an infinity: times a zero it would decode to NaN.
  static float putScale(byte[] bytes, int at, float value) {
    short bits = Half.floatToF16(Math.clamp(value, -Half.F16_MAX, Half.F16_MAX));
    SHORT.set(bytes, at, bits);
    return Half.f16ToFloat(bits);
  }
}
