package org.tokapu.tensor.quant;

import static org.tokapu.tensor.quant.LittleEndian.f16;
import static org.tokapu.tensor.quant.LittleEndian.u16;
import static org.tokapu.tensor.quant.LittleEndian.u8;

import org.tokapu.tensor.QuantFormat;

/// 1.5625 bits a weight: 256 weights as points of eight ternary digits; read-only.
///
/// | bytes | what |
/// |---|---|
/// | 0-1 | F16 `d` |
/// | 2-33 | low eight bits of the 32 indices of points of lattice IQ1 |
/// | 34-49 | 8 words of 16 bits, one for each 32 weights: bits `3k .. 3k + 2` are the upper bits of index `k` of four, bits 12-14 the scale `s`, bit 15 the sign of the shift |
///
/// `w[i] = d * (2s + 1) * (point[i] ± 1/8)`.
public final class Iq1S extends BlockFormat {
  /// The format.
  public static final QuantFormat FORMAT = new Iq1S();

  /// The lattice of IQ1_S and IQ1_M.
  static final class Points {
    static final Lattice LATTICE = Lattice.load("IQ1");

    private Points() {}
  }

  /// How far points are shifted, up or down, in IQ1_S and IQ1_M: ternary digits get six values.
  static final float SHIFT = 0.125f;

  private static final int WORDS = 34;

  private Iq1S() {
    super("IQ1_S", 19, 256, 50);
  }

  @Override
  void decodeBlock(byte[] in, int at, float[] out, int outAt) {
    Lattice lattice = Points.LATTICE;
    float d = f16(in, at);
    for (int j = 0; j < 8; j++) {
      int word = u16(in, at + WORDS + 2 * j);
      float scale = d * (2 * (word >> 12 & 7) + 1);
      float shift = word >> 15 == 0 ? SHIFT : -SHIFT;
      for (int k = 0; k < 4; k++) {
        int n = 4 * j + k;
        int index = u8(in, at + 2 + n) | (word >> 3 * k & 7) << 8;
        lattice.shifted(index, shift, scale, out, outAt + 8 * n);
      }
    }
  }
}
