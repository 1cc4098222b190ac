package org.tokapu.tensor.quant;

import static org.tokapu.tensor.quant.LittleEndian.f16;
import static org.tokapu.tensor.quant.LittleEndian.u8;

import org.tokapu.tensor.QuantFormat;

/// 3.4375 bits a weight: 256 weights as lattice points of four, with signs; read-only.
///
/// | bytes | what |
/// |---|---|
/// | 0-1 | F16 `d` |
/// | 2-65 | low eight bits of the 64 indices of points of lattice IQ3_S |
/// | 66-73 | ninth bits of the indices, in order from the lowest bit |
/// | 74-105 | signs, one bit a weight, in order from the lowest bit |
/// | 106-109 | scales: byte `j` has the scale of weights `64j ..` low, of `64j + 32 ..` high |
///
/// `w[i] = ± d * (2s + 1) * point[i]`.
public final class Iq3S extends BlockFormat {
  /// The format.
  public static final QuantFormat FORMAT = new Iq3S();

  private static final class Points {
    static final Lattice LATTICE = Lattice.load("IQ3_S");
  }

  private static final int HIGH = 66;
  private static final int SIGNS = 74;
  private static final int SCALES = 106;

  private Iq3S() {
    super("IQ3_S", 21, 256, 110);
  }

  @Override
  void decodeBlock(byte[] in, int at, float[] out, int outAt) {
    Lattice lattice = Points.LATTICE;
    float d = f16(in, at);
    for (int j = 0; j < 8; j++) {
      int s = u8(in, at + SCALES + j / 2) >> 4 * (j & 1) & 15;
      float scale = d * (1 + 2 * s);
      for (int k = 0; k < 8; k++) {
        int n = 8 * j + k;
        int index = u8(in, at + 2 + n) | (in[at + HIGH + j] >> k & 1) << 8;
        int signs = in[at + SIGNS + n / 2] >> 4 * (k & 1);
        lattice.signed(index, signs, scale, out, outAt + 4 * n);
      }
    }
  }
}
