package org.tokapu.tensor.quant;

import static org.tokapu.tensor.quant.LittleEndian.f16;
import static org.tokapu.tensor.quant.LittleEndian.u8;

import org.tokapu.tensor.QuantFormat;

/// 1.6875 bits a weight: 256 ternary digits, five a byte, and a scale; read-only.
///
/// | bytes | what |
/// |---|---|
/// | 0-31 | weights 0-159: byte `i` has weights `32n + i`, `n` from 0 to 4 |
/// | 32-47 | weights 160-239: byte `i` of these has weights `160 + 16n + i`, `n` from 0 to 4 |
/// | 48-51 | weights 240-255: byte `i` of these has weights `240 + 4n + i`, `n` from 0 to 3 |
/// | 52-53 | F16 `d` |
///
/// A byte `b` is a fraction `b / 256` in base three, the first digit the most significant: digit
/// `n` is the whole part of `3 * (3^n * b mod 256) / 256`. `w[i] = d * (digit - 1)`.
public final class Tq1_0 extends BlockFormat {
  /// The format.
  public static final QuantFormat FORMAT = new Tq1_0();

  private static final int D = 52;

  private Tq1_0() {
    super("TQ1_0", 34, 256, 54);
  }

  @Override
  void decodeBlock(byte[] in, int at, float[] out, int outAt) {
    float d = f16(in, at + D);
    digits(in, at, 32, 5, d, out, outAt);
    digits(in, at + 32, 16, 5, d, out, outAt + 160);
    digits(in, at + 48, 4, 4, d, out, outAt + 240);
  }

  private static void digits(
      byte[] in, int at, int bytes, int digits, float d, float[] out, int outAt) {
    for (int i = 0; i < bytes; i++) {
      int fraction = u8(in, at + i);
      for (int n = 0; n < digits; n++) {
        int tripled = 3 * fraction;
        out[outAt + bytes * n + i] = ((tripled >> 8) - 1) * d;
        fraction = tripled & 255;
      }
    }
  }
}
