package org.tokapu.tensor.quant;

import static org.tokapu.tensor.quant.LittleEndian.f16;

import org.jspecify.annotations.Nullable;
import org.tokapu.tensor.QuantFormat;
import org.tokapu.tensor.quant.search.CodebookFit;
import org.tokapu.tensor.quant.search.ErrorWeights;

/// 4.5 bits a weight: 32 levels of four bits into a codebook, and a scale.
///
/// | bytes | what |
/// |---|---|
/// | 0-1 | F16 scale `d` |
/// | 2-17 | levels `q`, packed as [Nibbles] says |
///
/// `w[i] = d * c[q[i]]` with the `c` of [Iq4Codebook].
public final class Iq4Nl extends BlockCodec {
  /// The format.
  public static final QuantFormat FORMAT = new Iq4Nl();

  private Iq4Nl() {
    super("IQ4_NL", 20, 32, 18);
  }

  @Override
  void decodeBlock(byte[] in, int at, float[] out, int outAt) {
    Iq4Codebook.decode(in, at + 2, f16(in, at), out, outAt);
  }

  @Override
  BlockEncoder encoder() {
    return new Encoder();
  }

  private static final class Encoder implements BlockEncoder {
    private final CodebookFit fit = new CodebookFit(32, Iq4Codebook.values());
    private final float[] weights = new float[32];
    private final byte[] levels = new byte[32];

    @Override
    public void encode(float[] x, float @Nullable [] importance, byte[] out, int at) {
      if (importance == null) {
        ErrorWeights.bySquare(x, 0, weights);
      } else {
        ErrorWeights.byImportance(x, 0, importance, 2 * ErrorWeights.meanSquare(x), weights);
      }
      float d = LittleEndian.putScale(out, at, fit.scale(x, 0, weights));
      double inverse = d == 0 ? 0 : 1.0 / d;
      for (int i = 0; i < 32; i++) {
        levels[i] = (byte) fit.index(x[i] * inverse);
      }
      Nibbles.pack(levels, 0, out, at + 2);
    }
  }
}
