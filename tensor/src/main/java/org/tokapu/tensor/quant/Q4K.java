package org.tokapu.tensor.quant;

import static org.tokapu.tensor.quant.LittleEndian.f16;

import org.tokapu.tensor.QuantFormat;
import org.tokapu.tensor.quant.search.AffineFit;

/// 4.5 bits a weight: 256 levels of four bits in 8 parts, each with a scale and a minimum.
///
/// | bytes | what |
/// |---|---|
/// | 0-1 | F16 `d`, unit of the scales |
/// | 2-3 | F16 `dmin`, unit of the minima |
/// | 4-15 | scales and minima, packed as [SixBitScales] says |
/// | 16-143 | levels `q`: of each 64, byte `i` has level `i` low and level `i + 32` high |
///
/// `w[i] = d * scale[i / 32] * q[i] - dmin * min[i / 32]`.
public final class Q4K extends BlockCodec {
  /// The format.
  public static final QuantFormat FORMAT = new Q4K();

  private static final int SCALES = 4;
  private static final int LEVELS = 16;

  private Q4K() {
    super("Q4_K", 12, 256, 144);
  }

  @Override
  void decodeBlock(byte[] in, int at, float[] out, int outAt) {
    float d = f16(in, at);
    float dmin = f16(in, at + 2);
    for (int j = 0; j < 8; j++) {
      float scale = d * SixBitScales.scale(in, at + SCALES, j);
      float min = dmin * SixBitScales.min(in, at + SCALES, j);
      int bytes = at + LEVELS + 32 * (j / 2);
      int shift = 4 * (j & 1);
      int o = outAt + 32 * j;
      for (int i = 0; i < 32; i++) {
        out[o + i] = scale * (in[bytes + i] >> shift & 15) - min;
      }
    }
  }

  @Override
  BlockEncoder encoder() {
    AffineSuperBlock choice =
        new AffineSuperBlock(
            8, 15, 63, AffineSuperBlock.Plain.SQUARED, new AffineFit.Steps(-1, 0.1, 20), 2);
    return (x, importance, out, at) -> {
      choice.choose(x, importance, out, at);
      SixBitScales.pack(choice.scales, choice.mins, out, at + SCALES);
      packNibbles(choice.levels, out, at + LEVELS);
    };
  }

  /// Packs the low four bits of 256 levels into 128 bytes, as Q5_K does too.
  static void packNibbles(byte[] levels, byte[] out, int at) {
    for (int i = 0; i < 128; i++) {
      int from = 64 * (i / 32) + i % 32;
      out[at + i] = (byte) (levels[from] & 15 | levels[from + 32] << 4);
    }
  }
}
