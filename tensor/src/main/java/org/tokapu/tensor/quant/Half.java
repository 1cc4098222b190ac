package org.tokapu.tensor.quant;

/// The two 16-bit floats of model files and their conversions to and from float32.
///
/// *F16* is IEEE 754 binary16: 1 sign, 5 exponent, 10 mantissa bits, largest value 65504. *BF16* is
/// the upper half of a float32: 1 sign, 8 exponent, 7 mantissa bits. Conversions to 16 bits round
/// to nearest, ties to even, keep subnormals and infinities, and map NaN to NaN.
public final class Half {
  /// The largest finite F16.
  public static final float F16_MAX = 65504f;

  private Half() {}

  /// Returns the value of F16 `bits`, exactly.
  public static float f16ToFloat(short bits) {
    return Float.float16ToFloat(bits);
  }

  /// Returns the F16 nearest to `value`; beyond 65519.99 that is an infinity.
  public static short floatToF16(float value) {
    return Float.floatToFloat16(value);
  }

  /// Returns the value of BF16 `bits`, exactly.
  public static float bf16ToFloat(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /// Returns the BF16 nearest to `value`; a NaN keeps its upper bits and becomes quiet.
  public static short floatToBf16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) ((bits >>> 16) | 0x40);
    }
    return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }
}
