package org.tokapu.tensor.quant;

import static org.tokapu.tensor.quant.LittleEndian.f16;
import static org.tokapu.tensor.quant.LittleEndian.u8;

import org.tokapu.tensor.QuantFormat;

/// 2.5625 bits a weight: 256 weights as lattice points of eight, with signs; read-only.
///
/// | bytes | what |
/// |---|---|
/// | 0-1 | F16 `d` |
/// | 2-33 | low eight bits of the 32 indices of points of lattice IQ2_S |
/// | 34-65 | signs, a byte a point |
/// | 66-73 | upper two bits of the indices: bits `2k` and `2k + 1` of byte `j` are of index `4j + k` |
/// | 74-81 | scales: byte `j` has the scale of weights `32j ..` low, of `32j + 16 ..` high |
///
/// `w[i] = ± d * (s + 1/2) / 4 * point[i]`.
public final class Iq2S extends BlockFormat {
  /// The format.
  public static final QuantFormat FORMAT = new Iq2S();

  private static final class Points {
    static final Lattice LATTICE = Lattice.load("IQ2_S");
  }

  private static final int SIGNS = 34;
  private static final int HIGH = 66;
  private static final int SCALES = 74;

  private Iq2S() {
    super("IQ2_S", 22, 256, 82);
  }

  @Override
  void decodeBlock(byte[] in, int at, float[] out, int outAt) {
    Lattice lattice = Points.LATTICE;
    float d = f16(in, at);
    for (int k = 0; k < 32; k++) {
      int s = u8(in, at + SCALES + k / 4) >> 4 * (k / 2 & 1) & 15;
      float scale = d * (0.5f + s) * 0.25f;
      int index = u8(in, at + 2 + k) | (in[at + HIGH + k / 4] >> 2 * (k & 3) & 3) << 8;
      lattice.signed(index, in[at + SIGNS + k], scale, out, outAt + 8 * k);
    }
  }
}
