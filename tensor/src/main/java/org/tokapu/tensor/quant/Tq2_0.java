package org.tokapu.tensor.quant;

import static org.tokapu.tensor.quant.LittleEndian.f16;

import org.tokapu.tensor.QuantFormat;

/// 2.0625 bits a weight: 256 ternary digits of two bits each, and a scale; read-only.
///
/// | bytes | what |
/// |---|---|
/// | 0-63 | digits, packed as [TwoBits] says |
/// | 64-65 | F16 `d` |
///
/// `w[i] = d * (digit - 1)`; a digit of 3, which no writer produces, reads as 2.
public final class Tq2_0 extends BlockFormat {
  /// The format.
  public static final QuantFormat FORMAT = new Tq2_0();

  private static final int D = 64;

  private Tq2_0() {
    super("TQ2_0", 35, 256, 66);
  }

  @Override
  void decodeBlock(byte[] in, int at, float[] out, int outAt) {
    float d = f16(in, at + D);
    for (int j = 0; j < 8; j++) {
      int bytes = at + 32 * (j / 4);
      int shift = 2 * (j & 3);
      int o = outAt + 32 * j;
      for (int i = 0; i < 32; i++) {
        out[o + i] = ((in[bytes + i] >> shift & 3) - 1) * d;
      }
    }
  }
}
