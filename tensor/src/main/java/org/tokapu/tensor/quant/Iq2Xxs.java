package org.tokapu.tensor.quant;

import static org.tokapu.tensor.quant.LittleEndian.f16;
import static org.tokapu.tensor.quant.LittleEndian.i32;
import static org.tokapu.tensor.quant.LittleEndian.u8;

import org.tokapu.tensor.QuantFormat;

/// 2.0625 bits a weight: 256 weights as lattice points of eight, with signs; read-only.
///
/// | bytes | what |
/// |---|---|
/// | 0-1 | F16 `d` |
/// | 2-65 | 8 parts of 32 weights, 8 bytes each |
///
/// A part: four bytes, each the index of a point of lattice IQ2_XXS; then a 32-bit word with four
/// times seven signs ([Lattice#evenSigns]) from the lowest bit, and the scale `s` in the top four
/// bits. `w[i] = ± d * (s + 1/2) / 4 * point[i]`.
public final class Iq2Xxs extends BlockFormat {
  /// The format.
  public static final QuantFormat FORMAT = new Iq2Xxs();

  private static final class Points {
    static final Lattice LATTICE = Lattice.load("IQ2_XXS");
  }

  private Iq2Xxs() {
    super("IQ2_XXS", 16, 256, 66);
  }

  @Override
  void decodeBlock(byte[] in, int at, float[] out, int outAt) {
    Lattice lattice = Points.LATTICE;
    float d = f16(in, at);
    for (int j = 0; j < 8; j++) {
      int part = at + 2 + 8 * j;
      int word = i32(in, part + 4);
      float scale = d * (0.5f + (word >>> 28)) * 0.25f;
      for (int k = 0; k < 4; k++) {
        int signs = Lattice.evenSigns(word >>> 7 * k & 127);
        lattice.signed(u8(in, part + k), signs, scale, out, outAt + 32 * j + 8 * k);
      }
    }
  }
}
