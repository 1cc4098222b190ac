package org.tokapu.tensor.quant;

import static org.tokapu.tensor.quant.LittleEndian.u8;

/// The 12 bytes of Q4_K and Q5_K that hold eight scales and eight minima of six bits.
///
/// Bytes 0-3: scales 0-3 in the low six bits, bits 4-5 of scales 4-7 above. Bytes 4-7: the same
/// with minima. Bytes 8-11: low four bits of scales 4-7 in the low, of minima 4-7 in the high
/// nibble.
final class SixBitScales {
  private SixBitScales() {}

  static int scale(byte[] in, int at, int j) {
    return j < 4 ? in[at + j] & 63 : in[at + 4 + j] & 15 | u8(in, at + j - 4) >> 6 << 4;
  }

  static int min(byte[] in, int at, int j) {
    return j < 4 ? in[at + 4 + j] & 63 : u8(in, at + 4 + j) >> 4 | u8(in, at + j) >> 6 << 4;
  }

  static void pack(int[] scales, int[] mins, byte[] out, int at) {
    for (int j = 0; j < 4; j++) {
      out[at + j] = (byte) (scales[j] | scales[j + 4] >> 4 << 6);
      out[at + 4 + j] = (byte) (mins[j] | mins[j + 4] >> 4 << 6);
      out[at + 8 + j] = (byte) (scales[j + 4] & 15 | mins[j + 4] << 4);
    }
  }
}
