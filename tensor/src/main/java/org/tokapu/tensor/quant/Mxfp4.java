package org.tokapu.tensor.quant;

import static org.tokapu.tensor.quant.LittleEndian.u8;

import org.tokapu.tensor.QuantFormat;

/// 4.25 bits a weight: 32 four-bit floats and a shared power of two; read-only.
///
/// | bytes | what |
/// |---|---|
/// | 0 | E8M0 exponent `e` |
/// | 1-16 | FP4 (E2M1) codes, packed as [Nibbles] says: bit 3 the sign, then 0, ½, 1, 1½, 2, 3, 4, 6 |
///
/// `w[i] = 2^(e - 127) * fp4[i]`. See the OCP Microscaling (MX) specification; its NaN, `e` = 255,
/// is read as 2^128 here, as ggml does.
public final class Mxfp4 extends BlockFormat {
  /// The format.
  public static final QuantFormat FORMAT = new Mxfp4();

  /// Twice the value of each code, so that they are whole.
  private static final byte[] DOUBLED = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

  private Mxfp4() {
    super("MXFP4", 39, 32, 17);
  }

  @Override
  void decodeBlock(byte[] in, int at, float[] out, int outAt) {
    float half = Math.scalb(1f, u8(in, at) - 128);
    for (int i = 0; i < 16; i++) {
      int b = in[at + 1 + i];
      out[outAt + i] = DOUBLED[b & 15] * half;
      out[outAt + 16 + i] = DOUBLED[b >> 4 & 15] * half;
    }
  }
}
