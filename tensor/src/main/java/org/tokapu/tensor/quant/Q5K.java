package org.tokapu.tensor.quant;

import static org.tokapu.tensor.quant.LittleEndian.f16;

import org.tokapu.tensor.QuantFormat;
import org.tokapu.tensor.quant.search.AffineFit;

/// 5.5 bits a weight: 256 levels of five bits in 8 parts, each with a scale and a minimum.
///
/// | bytes | what |
/// |---|---|
/// | 0-1 | F16 `d`, unit of the scales |
/// | 2-3 | F16 `dmin`, unit of the minima |
/// | 4-15 | scales and minima, packed as [SixBitScales] says |
/// | 16-47 | fifth bits: bit `j` of byte `i` belongs to level `32j + i` |
/// | 48-175 | low four bits of the levels `q`, as in [Q4K] |
///
/// `w[i] = d * scale[i / 32] * q[i] - dmin * min[i / 32]`.
public final class Q5K extends BlockCodec {
  /// The format.
  public static final QuantFormat FORMAT = new Q5K();

  private static final int SCALES = 4;
  private static final int HIGH = 16;
  private static final int LEVELS = 48;

  private Q5K() {
    super("Q5_K", 13, 256, 176);
  }

  @Override
  void decodeBlock(byte[] in, int at, float[] out, int outAt) {
    float d = f16(in, at);
    float dmin = f16(in, at + 2);
    for (int j = 0; j < 8; j++) {
      float scale = d * SixBitScales.scale(in, at + SCALES, j);
      float min = dmin * SixBitScales.min(in, at + SCALES, j);
      int high = at + HIGH;
      int bytes = at + LEVELS + 32 * (j / 2);
      int shift = 4 * (j & 1);
      int o = outAt + 32 * j;
      for (int i = 0; i < 32; i++) {
        int q = in[bytes + i] >> shift & 15 | (in[high + i] >> j & 1) << 4;
        out[o + i] = scale * q - min;
      }
    }
  }

  @Override
  BlockEncoder encoder() {
    AffineSuperBlock choice =
        new AffineSuperBlock(
            8, 31, 63, AffineSuperBlock.Plain.SQUARED, new AffineFit.Steps(-0.5, 0.1, 15), 2);
    return (x, importance, out, at) -> {
      choice.choose(x, importance, out, at);
      SixBitScales.pack(choice.scales, choice.mins, out, at + SCALES);
      packHighBits(choice.levels, out, at + HIGH);
      Q4K.packNibbles(choice.levels, out, at + LEVELS);
    };
  }

  private static void packHighBits(byte[] levels, byte[] out, int at) {
    for (int i = 0; i < 32; i++) {
      int bits = 0;
      for (int j = 0; j < 8; j++) {
        bits |= (levels[32 * j + i] >> 4 & 1) << j;
      }
      out[at + i] = (byte) bits;
    }
  }
}
