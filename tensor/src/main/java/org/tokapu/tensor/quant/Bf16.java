package org.tokapu.tensor.quant;

import org.tokapu.tensor.QuantFormat;

/// bfloat16, the upper half of a float32, little-endian. Rounds to nearest even, keeps NaN.
public final class Bf16 extends HalfFormat {
  /// The format.
  public static final QuantFormat FORMAT = new Bf16();

  private Bf16() {
    super("BF16", 30);
  }

  @Override
  void widen(short[] bits, int count, float[] out, int outOffset) {
    for (int i = 0; i < count; i++) {
      out[outOffset + i] = Half.bf16ToFloat(bits[i]);
    }
  }

  @Override
  void narrow(float[] in, int inOffset, int count, short[] bits) {
    for (int i = 0; i < count; i++) {
      bits[i] = Half.floatToBf16(in[inOffset + i]);
    }
  }
}
