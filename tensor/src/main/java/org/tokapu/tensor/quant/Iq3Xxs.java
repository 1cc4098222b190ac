package org.tokapu.tensor.quant;

import static org.tokapu.tensor.quant.LittleEndian.f16;
import static org.tokapu.tensor.quant.LittleEndian.i32;
import static org.tokapu.tensor.quant.LittleEndian.u8;

import org.tokapu.tensor.QuantFormat;

/// 3.0625 bits a weight: 256 weights as lattice points of four, with signs; read-only.
///
/// | bytes | what |
/// |---|---|
/// | 0-1 | F16 `d` |
/// | 2-65 | 64 indices of points of lattice IQ3_XXS |
/// | 66-97 | 8 words of 32 bits, one for each 32 weights: four times seven signs ([Lattice#evenSigns]) from the lowest bit, scale `s` in the top four bits |
///
/// `w[i] = ± d * (s + 1/2) / 2 * point[i]`.
public final class Iq3Xxs extends BlockFormat {
  /// The format.
  public static final QuantFormat FORMAT = new Iq3Xxs();

  private static final class Points {
    static final Lattice LATTICE = Lattice.load("IQ3_XXS");
  }

  private static final int WORDS = 66;

  private Iq3Xxs() {
    super("IQ3_XXS", 18, 256, 98);
  }

  @Override
  void decodeBlock(byte[] in, int at, float[] out, int outAt) {
    Lattice lattice = Points.LATTICE;
    float d = f16(in, at);
    for (int j = 0; j < 8; j++) {
      int word = i32(in, at + WORDS + 4 * j);
      float scale = d * (0.5f + (word >>> 28)) * 0.5f;
      for (int k = 0; k < 8; k++) {
        int signs = Lattice.evenSigns(word >>> 7 * (k / 2) & 127) >> 4 * (k & 1);
        int n = 8 * j + k;
        lattice.signed(u8(in, at + 2 + n), signs, scale, out, outAt + 4 * n);
      }
    }
  }
}
