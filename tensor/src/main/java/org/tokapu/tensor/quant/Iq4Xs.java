package org.tokapu.tensor.quant;

import static org.tokapu.tensor.quant.LittleEndian.f16;
import static org.tokapu.tensor.quant.LittleEndian.u16;
import static org.tokapu.tensor.quant.LittleEndian.u8;

import org.jspecify.annotations.Nullable;
import org.tokapu.tensor.QuantFormat;
import org.tokapu.tensor.quant.search.CodebookFit;
import org.tokapu.tensor.quant.search.ErrorWeights;
import org.tokapu.tensor.quant.search.Extreme;

/// 4.25 bits a weight: 256 levels of four bits into a codebook in 8 parts, each with a scale.
///
/// | bytes | what |
/// |---|---|
/// | 0-1 | F16 `d` |
/// | 2-3 | upper two bits of the scales, bits `2j` and `2j + 1` of scale `j` |
/// | 4-7 | low four bits: byte `j` has scale `2j` low, scale `2j + 1` high |
/// | 8-135 | levels `q`, each 32 packed in 16 bytes as [Nibbles] says |
///
/// `w[i] = d * (scale[i / 32] - 32) * c[q[i]]` with the `c` of [Iq4Codebook].
public final class Iq4Xs extends BlockCodec {
  /// The format.
  public static final QuantFormat FORMAT = new Iq4Xs();

  private static final int SCALES = 4;
  private static final int LEVELS = 8;

  private Iq4Xs() {
    super("IQ4_XS", 23, 256, 136);
  }

  @Override
  void decodeBlock(byte[] in, int at, float[] out, int outAt) {
    float d = f16(in, at);
    int high = u16(in, at + 2);
    for (int j = 0; j < 8; j++) {
      int low = u8(in, at + SCALES + j / 2) >> 4 * (j & 1) & 15;
      int scale = low | (high >> 2 * j & 3) << 4;
      Iq4Codebook.decode(in, at + LEVELS + 16 * j, d * (scale - 32), out, outAt + 32 * j);
    }
  }

  @Override
  BlockEncoder encoder() {
    return new Encoder();
  }

  private static final class Encoder implements BlockEncoder {
    private final CodebookFit fit = new CodebookFit(32, Iq4Codebook.values());
    private final float[] weights = new float[32];
    private final float[] partScales = new float[8];
    private final byte[] levels = new byte[256];

    @Override
    public void encode(float[] x, float @Nullable [] importance, byte[] out, int at) {
      fitParts(x, importance);
      float d = Extreme.of(partScales, 0, 8) / -32;
      float inverse = d == 0 ? 0 : 1 / d;
      float seen = LittleEndian.putScale(out, at, d);
      int high = 0;
      for (int j = 0; j < 8; j++) {
        int scale = Math.max(-32, Math.min(31, (int) Math.rint(partScales[j] * inverse)));
        round(x, 32 * j, seen * scale);
        Nibbles.pack(levels, 32 * j, out, at + LEVELS + 16 * j);
        int low = at + SCALES + j / 2;
        out[low] = (byte) (out[low] | (scale + 32 & 15) << 4 * (j & 1));
        high |= scale + 32 >> 4 << 2 * j;
      }
      LittleEndian.putU16(out, at + 2, high);
    }

    private void fitParts(float[] x, float @Nullable [] importance) {
      float softening = 2 * ErrorWeights.meanSquare(x);
      for (int j = 0; j < 8; j++) {
        if (importance == null) {
          ErrorWeights.bySquare(x, 32 * j, weights);
        } else {
          ErrorWeights.byImportance(x, 32 * j, importance, softening, weights);
        }
        partScales[j] = fit.scale(x, 32 * j, weights);
      }
    }

    private void round(float[] x, int from, float scale) {
      double inverse = scale == 0 ? 0 : 1.0 / scale;
      for (int i = from; i < from + 32; i++) {
        levels[i] = (byte) fit.index(x[i] * inverse);
      }
    }
  }
}
