package org.tokapu.tensor.quant;

import org.tokapu.tensor.QuantFormat;

/// IEEE binary16, little-endian. Rounds to nearest even; beyond 65519.99 it becomes an infinity.
public final class F16 extends HalfFormat {
  /// The format.
  public static final QuantFormat FORMAT = new F16();

  private F16() {
    super("F16", 1);
  }

  @Override
  void widen(short[] bits, int count, float[] out, int outOffset) {
    for (int i = 0; i < count; i++) {
      out[outOffset + i] = Float.float16ToFloat(bits[i]);
    }
  }

  @Override
  void narrow(float[] in, int inOffset, int count, short[] bits) {
    for (int i = 0; i < count; i++) {
      bits[i] = Float.floatToFloat16(in[inOffset + i]);
    }
  }
}
