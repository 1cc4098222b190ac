package org.tokapu.tensor.quant;

import static org.tokapu.tensor.quant.LittleEndian.f16;
import static org.tokapu.tensor.quant.LittleEndian.i32;

import org.tokapu.tensor.QuantFormat;

/// 5.5 bits a weight: 32 levels of five bits around 16, and a scale.
///
/// | bytes | what |
/// |---|---|
/// | 0-1 | F16 scale `d` |
/// | 2-5 | fifth bits of the levels, bit `i` for level `i` |
/// | 6-21 | low four bits of the levels `q`, packed as [Nibbles] says |
///
/// `w[i] = d * (q[i] - 16)`.
public final class Q5_0 extends BlockCodec {
  /// The format.
  public static final QuantFormat FORMAT = new Q5_0();

  private Q5_0() {
    super("Q5_0", 6, 32, 22);
  }

  @Override
  void decodeBlock(byte[] in, int at, float[] out, int outAt) {
    float d = f16(in, at);
    int high = i32(in, at + 2);
    for (int i = 0; i < 16; i++) {
      int b = in[at + 6 + i];
      out[outAt + i] = ((b & 15 | (high >> i & 1) << 4) - 16) * d;
      out[outAt + 16 + i] = ((b >> 4 & 15 | (high >> i + 16 & 1) << 4) - 16) * d;
    }
  }

  @Override
  BlockEncoder encoder() {
    CentredLevels levels = new CentredLevels(16);
    return (x, importance, out, at) -> {
      levels.choose(x, importance, out, at);
      LittleEndian.putI32(out, at + 2, Nibbles.fifthBits(levels.values));
      Nibbles.pack(levels.values, 0, out, at + 6);
    };
  }
}
