package org.tokapu.tensor.quant;

import static org.tokapu.tensor.quant.LittleEndian.u16;
import static org.tokapu.tensor.quant.LittleEndian.u8;

import org.tokapu.tensor.QuantFormat;

/// 1.75 bits a weight: 256 weights as points of eight ternary digits; read-only.
///
/// | bytes | what |
/// |---|---|
/// | 0-31 | low eight bits of the 32 indices of points of lattice IQ1 |
/// | 32-47 | nibbles, the low one first, one a point: three upper bits of the index, then the sign of the shift |
/// | 48-55 | 4 words of 16 bits: bits `3k .. 3k + 2` of word `j` are the scale `s` of weights `64j + 16k ..`; the top four bits of the words, the first word's lowest, are the F16 `d` |
///
/// `w[i] = d * (2s + 1) * (point[i] ± 1/8)`.
public final class Iq1M extends BlockFormat {
  /// The format.
  public static final QuantFormat FORMAT = new Iq1M();

  private static final int HIGH = 32;
  private static final int SCALES = 48;

  private Iq1M() {
    super("IQ1_M", 29, 256, 56);
  }

  @Override
  void decodeBlock(byte[] in, int at, float[] out, int outAt) {
    Lattice lattice = Iq1S.Points.LATTICE;
    int bits = 0;
    for (int j = 0; j < 4; j++) {
      bits |= u16(in, at + SCALES + 2 * j) >> 12 << 4 * j;
    }
    float d = Half.f16ToFloat((short) bits);
    for (int n = 0; n < 32; n++) {
      int s = u16(in, at + SCALES + n / 8 * 2) >> 3 * (n / 2 & 3) & 7;
      int high = in[at + HIGH + n / 2] >> 4 * (n & 1);
      int index = u8(in, at + n) | (high & 7) << 8;
      float shift = (high & 8) == 0 ? Iq1S.SHIFT : -Iq1S.SHIFT;
      lattice.shifted(index, shift, d * (2 * s + 1), out, outAt + 8 * n);
    }
  }
}
