package org.tokapu.tensor.quant;

/// The packing of 256 levels of two bits into 64 bytes, shared by Q2_K and Q3_K.
///
/// Each half of 128 levels has 32 bytes; bits `2k` and `2k + 1` of byte `i` are level `32k + i` of
/// that half, `k` from 0 to 3.
final class TwoBits {
  private TwoBits() {}

  /// Packs the low two bits of `levels`.
  static void pack(byte[] levels, byte[] out, int at) {
    for (int half = 0; half < 2; half++) {
      int from = 128 * half;
      for (int i = 0; i < 32; i++) {
        out[at + 32 * half + i] =
            (byte)
                ((levels[from + i] & 3)
                    | (levels[from + 32 + i] & 3) << 2
                    | (levels[from + 64 + i] & 3) << 4
                    | (levels[from + 96 + i] & 3) << 6);
      }
    }
  }
}
