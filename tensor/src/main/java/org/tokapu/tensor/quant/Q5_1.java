package org.tokapu.tensor.quant;

import static org.tokapu.tensor.quant.LittleEndian.f16;
import static org.tokapu.tensor.quant.LittleEndian.i32;

import org.tokapu.tensor.QuantFormat;

/// 6 bits a weight: 32 levels of five bits, a scale and an offset.
///
/// | bytes | what |
/// |---|---|
/// | 0-1 | F16 scale `d` |
/// | 2-3 | F16 offset `m` |
/// | 4-7 | fifth bits of the levels, bit `i` for level `i` |
/// | 8-23 | low four bits of the levels `q`, packed as [Nibbles] says |
///
/// `w[i] = d * q[i] + m`.
public final class Q5_1 extends BlockCodec {
  /// The format.
  public static final QuantFormat FORMAT = new Q5_1();

  private Q5_1() {
    super("Q5_1", 7, 32, 24);
  }

  @Override
  void decodeBlock(byte[] in, int at, float[] out, int outAt) {
    float d = f16(in, at);
    float m = f16(in, at + 2);
    int high = i32(in, at + 4);
    for (int i = 0; i < 16; i++) {
      int b = in[at + 8 + i];
      out[outAt + i] = (b & 15 | (high >> i & 1) << 4) * d + m;
      out[outAt + 16 + i] = (b >> 4 & 15 | (high >> i + 16 & 1) << 4) * d + m;
    }
  }

  @Override
  BlockEncoder encoder() {
    OffsetLevels levels = new OffsetLevels(31);
    return (x, importance, out, at) -> {
      levels.choose(x, importance, out, at);
      LittleEndian.putI32(out, at + 4, Nibbles.fifthBits(levels.values));
      Nibbles.pack(levels.values, 0, out, at + 8);
    };
  }
}
