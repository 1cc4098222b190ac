package org.tokapu.tensor.quant;

import static org.tokapu.tensor.quant.LittleEndian.f16;

import org.tokapu.tensor.QuantFormat;

/// 5 bits a weight: 32 levels of four bits, a scale and an offset.
///
/// | bytes | what |
/// |---|---|
/// | 0-1 | F16 scale `d` |
/// | 2-3 | F16 offset `m` |
/// | 4-19 | levels `q`, packed as [Nibbles] says |
///
/// `w[i] = d * q[i] + m`.
public final class Q4_1 extends BlockCodec {
  /// The format.
  public static final QuantFormat FORMAT = new Q4_1();

  private Q4_1() {
    super("Q4_1", 3, 32, 20);
  }

  @Override
  void decodeBlock(byte[] in, int at, float[] out, int outAt) {
    float d = f16(in, at);
    float m = f16(in, at + 2);
    for (int i = 0; i < 16; i++) {
      int b = in[at + 4 + i];
      out[outAt + i] = (b & 15) * d + m;
      out[outAt + 16 + i] = (b >> 4 & 15) * d + m;
    }
  }

  @Override
  BlockEncoder encoder() {
    OffsetLevels levels = new OffsetLevels(15);
    return (x, importance, out, at) -> {
      levels.choose(x, importance, out, at);
      Nibbles.pack(levels.values, 0, out, at + 4);
    };
  }
}
