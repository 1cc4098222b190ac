package org.tokapu.tensor.quant;

import static org.tokapu.tensor.quant.LittleEndian.f16;
import static org.tokapu.tensor.quant.LittleEndian.u8;

import org.jspecify.annotations.Nullable;
import org.tokapu.tensor.QuantFormat;
import org.tokapu.tensor.quant.search.DescentFit;
import org.tokapu.tensor.quant.search.ErrorWeights;
import org.tokapu.tensor.quant.search.SymmetricFit;

/// 3.4375 bits a weight: 256 levels of three bits in 16 parts, each with a signed scale.
///
/// | bytes | what |
/// |---|---|
/// | 0-31 | third bits: bit `k` of byte `i` belongs to level `32k + i` |
/// | 32-95 | low two bits of the levels `q`, packed as [TwoBits] says |
/// | 96-103 | low four bits of the scales: byte `j` has scale `j` low, scale `j + 8` high |
/// | 104-107 | bits 4-5 of the scales: bits `2k` and `2k + 1` of byte `j` are of scale `4k + j` |
/// | 108-109 | F16 `d` |
///
/// `w[i] = d * (scale[i / 16] - 32) * (q[i] - 4)`.
public final class Q3K extends BlockCodec {
  /// The format.
  public static final QuantFormat FORMAT = new Q3K();

  private static final int LEVELS = 32;
  private static final int SCALES = 96;
  private static final int D = 108;

  private Q3K() {
    super("Q3_K", 11, 256, 110);
  }

  @Override
  void decodeBlock(byte[] in, int at, float[] out, int outAt) {
    float d = f16(in, at + D);
    for (int j = 0; j < 16; j++) {
      float scale = d * (scale(in, at + SCALES, j) - 32);
      int high = at + 16 * (j & 1);
      int bit = j / 2;
      int bytes = at + LEVELS + 32 * (j / 8) + 16 * (j & 1);
      int shift = 2 * (bit & 3);
      int o = outAt + 16 * j;
      for (int i = 0; i < 16; i++) {
        int q = in[bytes + i] >> shift & 3 | (in[high + i] >> bit & 1) << 2;
        out[o + i] = scale * (q - 4);
      }
    }
  }

  private static int scale(byte[] in, int at, int j) {
    int low = j < 8 ? in[at + j] & 15 : u8(in, at + j - 8) >> 4;
    return low | (in[at + 8 + j % 4] >> 2 * (j / 4) & 3) << 4;
  }

  @Override
  BlockEncoder encoder() {
    return new Encoder();
  }

  private static final class Encoder implements BlockEncoder {
    private final SymmetricSuperBlock choice = new SymmetricSuperBlock(4, 32);
    private final DescentFit plainFit = new DescentFit(16, 4);
    private final SymmetricFit fit = new SymmetricFit(16, 4);
    private final SymmetricFit scaleFit = new SymmetricFit(16, 32);
    private final float[] weights = new float[16];
    private final float[] partWeights = new float[16];

    @Override
    public void encode(float[] x, float @Nullable [] importance, byte[] out, int at) {
      float d = importance == null ? fitPlain(x) : fitByImportance(x, importance);
      choice.quantize(x, d, out, at + D);
      packScales(choice.scales, out, at + SCALES);
      packHighBits(choice.levels, out, at);
      TwoBits.pack(choice.levels, out, at + LEVELS);
    }

    private float fitPlain(float[] x) {
      for (int j = 0; j < 16; j++) {
        choice.partScales[j] = plainFit.scale(x, 16 * j);
      }
      return choice.unitByExtreme();
    }

    private float fitByImportance(float[] x, float[] importance) {
      float softening = 2 * ErrorWeights.meanSquare(x);
      for (int j = 0; j < 16; j++) {
        ErrorWeights.byImportance(x, 16 * j, importance, softening, weights);
        partWeights[j] = ErrorWeights.sum(weights);
        choice.partScales[j] = fit.scale(x, 16 * j, weights);
      }
      return scaleFit.scale(choice.partScales, 0, partWeights);
    }

    private static void packScales(int[] scales, byte[] out, int at) {
      for (int j = 0; j < 16; j++) {
        int scale = scales[j] + 32;
        int low = at + j % 8;
        int high = at + 8 + j % 4;
        out[low] = (byte) (out[low] | (scale & 15) << (j < 8 ? 0 : 4));
        out[high] = (byte) (out[high] | scale >> 4 << 2 * (j / 4));
      }
    }

    private static void packHighBits(byte[] levels, byte[] out, int at) {
      for (int i = 0; i < 32; i++) {
        int bits = 0;
        for (int k = 0; k < 8; k++) {
          bits |= (levels[32 * k + i] >> 2 & 1) << k;
        }
        out[at + i] = (byte) bits;
      }
    }
  }
}
