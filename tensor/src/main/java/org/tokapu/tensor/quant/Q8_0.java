package org.tokapu.tensor.quant;

import static org.tokapu.tensor.quant.LittleEndian.f16;

import org.tokapu.tensor.QuantFormat;

/// 8.5 bits a weight: 32 signed bytes and a scale.
///
/// | bytes | what |
/// |---|---|
/// | 0-1 | F16 scale `d` |
/// | 2-33 | `q[32]`, signed bytes |
///
/// `w[i] = d * q[i]`. Encoding rounds half away from zero and uses no importance: at this precision
/// a search gains nothing.
public final class Q8_0 extends BlockCodec {
  /// The format.
  public static final QuantFormat FORMAT = new Q8_0();

  private Q8_0() {
    super("Q8_0", 8, 32, 34);
  }

  @Override
  void decodeBlock(byte[] in, int at, float[] out, int outAt) {
    float d = f16(in, at);
    for (int i = 0; i < 32; i++) {
      out[outAt + i] = in[at + 2 + i] * d;
    }
  }

  @Override
  BlockEncoder encoder() {
    return (x, importance, out, at) -> {
      float max = 0;
      for (float v : x) {
        max = Math.max(max, Math.abs(v));
      }
      float d = max / 127;
      float inverse = d == 0 ? 0 : 1 / d;
      LittleEndian.putScale(out, at, d);
      for (int i = 0; i < 32; i++) {
        double scaled = x[i] * inverse;
        out[at + 2 + i] = (byte) (scaled + Math.copySign(0.5, scaled));
      }
    };
  }
}
