package org.tokapu.tensor.quant;

import static org.tokapu.tensor.quant.LittleEndian.f16;

import org.jspecify.annotations.Nullable;
import org.tokapu.tensor.QuantFormat;
import org.tokapu.tensor.quant.search.ErrorWeights;
import org.tokapu.tensor.quant.search.SymmetricFit;

/// 6.5625 bits a weight: 256 levels of six bits in 16 parts, each with a scale.
///
/// | bytes | what |
/// |---|---|
/// | 0-127 | low four bits of the levels `q`: of each half of 128, byte `i` of its 64 has level `i` low and level `i + 64` high |
/// | 128-191 | upper two bits: of each half, bits `2k` and `2k + 1` of byte `i` of its 32 are of level `32k + i` |
/// | 192-207 | scales, signed bytes |
/// | 208-209 | F16 `d` |
///
/// `w[i] = d * scale[i / 16] * (q[i] - 32)`.
public final class Q6K extends BlockCodec {
  /// The format.
  public static final QuantFormat FORMAT = new Q6K();

  private static final int HIGH = 128;
  private static final int SCALES = 192;
  private static final int D = 208;

  private Q6K() {
    super("Q6_K", 14, 256, 210);
  }

  @Override
  void decodeBlock(byte[] in, int at, float[] out, int outAt) {
    float d = f16(in, at + D);
    for (int j = 0; j < 16; j++) {
      float scale = d * in[at + SCALES + j];
      int k = j / 2 & 3;
      int low = at + 64 * (j / 8) + 16 * (j & 3);
      int lowShift = 4 * (k / 2);
      int high = at + HIGH + 32 * (j / 8) + 16 * (j & 1);
      int highShift = 2 * k;
      int o = outAt + 16 * j;
      for (int i = 0; i < 16; i++) {
        int q = in[low + i] >> lowShift & 15 | (in[high + i] >> highShift & 3) << 4;
        out[o + i] = scale * (q - 32);
      }
    }
  }

  @Override
  BlockEncoder encoder() {
    return new Encoder();
  }

  private static final class Encoder implements BlockEncoder {
    private final SymmetricSuperBlock choice = new SymmetricSuperBlock(32, 128);
    private final SymmetricFit fit = new SymmetricFit(16, 32);
    private final float[] weights = new float[16];

    @Override
    public void encode(float[] x, float @Nullable [] importance, byte[] out, int at) {
      for (int j = 0; j < 16; j++) {
        if (importance == null) {
          ErrorWeights.bySquare(x, 16 * j, weights);
        } else {
          System.arraycopy(importance, 16 * j, weights, 0, 16);
        }
        choice.partScales[j] = fit.scale(x, 16 * j, weights);
      }
      choice.quantize(x, choice.unitByExtreme(), out, at + D);
      pack(out, at);
    }

    private void pack(byte[] out, int at) {
      byte[] q = choice.levels;
      for (int half = 0; half < 2; half++) {
        int from = 128 * half;
        for (int i = 0; i < 64; i++) {
          out[at + 64 * half + i] = (byte) (q[from + i] & 15 | q[from + 64 + i] << 4);
        }
        for (int i = 0; i < 32; i++) {
          out[at + HIGH + 32 * half + i] =
              (byte)
                  (q[from + i] >> 4
                      | q[from + 32 + i] >> 4 << 2
                      | q[from + 64 + i] >> 4 << 4
                      | q[from + 96 + i] >> 4 << 6);
        }
      }
      for (int j = 0; j < 16; j++) {
        out[at + SCALES + j] = (byte) choice.scales[j];
      }
    }
  }
}
