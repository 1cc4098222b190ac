package org.tokapu.tensor.quant;

import static org.tokapu.tensor.quant.LittleEndian.f16;
import static org.tokapu.tensor.quant.LittleEndian.u16;
import static org.tokapu.tensor.quant.LittleEndian.u8;

import org.tokapu.tensor.QuantFormat;

/// 2.3125 bits a weight: 256 weights as lattice points of eight, with signs; read-only.
///
/// | bytes | what |
/// |---|---|
/// | 0-1 | F16 `d` |
/// | 2-65 | 32 words of 16 bits: index of a point of lattice IQ2_XS in the low nine bits, seven signs ([Lattice#evenSigns]) above |
/// | 66-73 | scales: byte `j` has the scale of weights `32j ..` low, of `32j + 16 ..` high |
///
/// `w[i] = ± d * (s + 1/2) / 4 * point[i]`.
public final class Iq2Xs extends BlockFormat {
  /// The format.
  public static final QuantFormat FORMAT = new Iq2Xs();

  private static final class Points {
    static final Lattice LATTICE = Lattice.load("IQ2_XS");
  }

  private static final int SCALES = 66;

  private Iq2Xs() {
    super("IQ2_XS", 17, 256, 74);
  }

  @Override
  void decodeBlock(byte[] in, int at, float[] out, int outAt) {
    Lattice lattice = Points.LATTICE;
    float d = f16(in, at);
    for (int k = 0; k < 32; k++) {
      int s = u8(in, at + SCALES + k / 4) >> 4 * (k / 2 & 1) & 15;
      float scale = d * (0.5f + s) * 0.25f;
      int word = u16(in, at + 2 + 2 * k);
      lattice.signed(word & 511, Lattice.evenSigns(word >> 9), scale, out, outAt + 8 * k);
    }
  }
}
