package org.tokapu.tensor.quant;

import static org.tokapu.tensor.quant.LittleEndian.f16;
import static org.tokapu.tensor.quant.LittleEndian.u8;

import org.tokapu.tensor.QuantFormat;
import org.tokapu.tensor.quant.search.AffineFit;

/// 2.625 bits a weight: 256 levels of two bits in 16 parts, each with a scale and a minimum.
///
/// | bytes | what |
/// |---|---|
/// | 0-15 | part `j`: scale in the low, minimum in the high nibble |
/// | 16-79 | levels `q`, packed as [TwoBits] says |
/// | 80-81 | F16 `d`, unit of the scales |
/// | 82-83 | F16 `dmin`, unit of the minima |
///
/// `w[i] = d * scale[i / 16] * q[i] - dmin * min[i / 16]`.
public final class Q2K extends BlockCodec {
  /// The format.
  public static final QuantFormat FORMAT = new Q2K();

  private static final int LEVELS = 16;
  private static final int D = 80;

  private Q2K() {
    super("Q2_K", 10, 256, 84);
  }

  @Override
  void decodeBlock(byte[] in, int at, float[] out, int outAt) {
    float d = f16(in, at + D);
    float dmin = f16(in, at + D + 2);
    for (int j = 0; j < 16; j++) {
      int packed = u8(in, at + j);
      float scale = d * (packed & 15);
      float min = dmin * (packed >> 4);
      int bytes = at + LEVELS + 32 * (j / 8) + 16 * (j & 1);
      int shift = 2 * (j / 2 & 3);
      int o = outAt + 16 * j;
      for (int i = 0; i < 16; i++) {
        out[o + i] = scale * (in[bytes + i] >> shift & 3) - min;
      }
    }
  }

  @Override
  BlockEncoder encoder() {
    AffineSuperBlock choice =
        new AffineSuperBlock(
            16, 3, 15, AffineSuperBlock.Plain.ABSOLUTE, new AffineFit.Steps(-0.5, 0.1, 15), 1);
    return (x, importance, out, at) -> {
      choice.choose(x, importance, out, at + D);
      for (int j = 0; j < 16; j++) {
        out[at + j] = (byte) (choice.scales[j] | choice.mins[j] << 4);
      }
      TwoBits.pack(choice.levels, out, at + LEVELS);
    };
  }
}
