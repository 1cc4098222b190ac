package org.tokapu.tensor.quant;

/// The 16 numbers that the four-bit levels of IQ4_NL and IQ4_XS stand for: denser around zero,
/// where most weights are. Found by llama.cpp's author on weights of real models; part of the
/// format.
final class Iq4Codebook {
  private static final byte[] VALUES = {
    -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113
  };

  private Iq4Codebook() {}

  static byte[] values() {
    return VALUES.clone();
  }

  /// Decodes 32 levels packed as [Nibbles] says.
  static void decode(byte[] in, int at, float scale, float[] out, int outAt) {
    for (int i = 0; i < 16; i++) {
      int b = in[at + i];
      out[outAt + i] = scale * VALUES[b & 15];
      out[outAt + 16 + i] = scale * VALUES[b >> 4 & 15];
    }
  }
}
