package org.tokapu.tensor.quant;

import static org.tokapu.tensor.quant.LittleEndian.f16;

import org.tokapu.tensor.QuantFormat;

/// 4.5 bits a weight: 32 levels of four bits around 8, and a scale.
///
/// | bytes | what |
/// |---|---|
/// | 0-1 | F16 scale `d` |
/// | 2-17 | levels `q`, packed as [Nibbles] says |
///
/// `w[i] = d * (q[i] - 8)`.
public final class Q4_0 extends BlockCodec {
  /// The format.
  public static final QuantFormat FORMAT = new Q4_0();

  private Q4_0() {
    super("Q4_0", 2, 32, 18);
  }

  @Override
  void decodeBlock(byte[] in, int at, float[] out, int outAt) {
    float d = f16(in, at);
    for (int i = 0; i < 16; i++) {
      int b = in[at + 2 + i];
      out[outAt + i] = ((b & 15) - 8) * d;
      out[outAt + 16 + i] = ((b >> 4 & 15) - 8) * d;
    }
  }

  @Override
  BlockEncoder encoder() {
    CentredLevels levels = new CentredLevels(8);
    return (x, importance, out, at) -> {
      levels.choose(x, importance, out, at);
      Nibbles.pack(levels.values, 0, out, at + 2);
    };
  }
}
