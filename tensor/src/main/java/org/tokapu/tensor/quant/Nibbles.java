package org.tokapu.tensor.quant;

/// The common packing of 32 levels of four or five bits.
///
/// 16 bytes hold the low four bits: byte `i` has level `i` in its low and level `i + 16` in its
/// high nibble. Fifth bits lie apart, in a 32-bit word: bit `i` belongs to level `i`.
final class Nibbles {
  private Nibbles() {}

  /// Packs the low four bits of `levels[from .. from + 32)` into 16 bytes.
  static void pack(byte[] levels, int from, byte[] out, int at) {
    for (int i = 0; i < 16; i++) {
      out[at + i] = (byte) ((levels[from + i] & 15) | levels[from + 16 + i] << 4);
    }
  }

  /// Returns the fifth bits of `levels[0 .. 32)`.
  static int fifthBits(byte[] levels) {
    int bits = 0;
    for (int i = 0; i < 32; i++) {
      bits |= (levels[i] >> 4 & 1) << i;
    }
    return bits;
  }
}
