package org.tokapu.tensor;

/// The shape of one page of cached keys and values, for one layer and `pageTokens` positions.
///
/// A page holds all keys, then all values. Keys come as tiles of 16 positions in which a lane is a
/// position, so that a score needs no horizontal sum; values come row by row:
///
/// ```
/// keys    [kvHeads][pageTokens / 16][headDim][16]
/// values  [kvHeads][pageTokens][headDim]
/// ```
///
/// `Q8` stores int8 with one float32 scale per position and head, for keys and values alike. The
/// scales follow the int8 data of each half: `[kvHeads][pageTokens]`.
///
/// @param pageTokens positions per page, a multiple of 16
/// @param type how an element is stored
public record KvLayout(int layers, int kvHeads, int headDim, int pageTokens, KvType type) {
  /// How cached keys and values are stored.
  public enum KvType {
    /// IEEE float32, exact.
    F32(4),
    /// IEEE half, rounded to nearest even.
    F16(2),
    /// bfloat16, rounded to nearest even.
    BF16(2),
    /// int8 with one scale (`max|x| / 127`) per position and head.
    Q8(1);

    private final int bytes;

    KvType(int bytes) {
      this.bytes = bytes;
    }

    /// Returns the bytes of one element, without scales.
    public int bytes() {
      return bytes;
    }
  }

  /// Positions in one tile of keys.
  public static final int TILE = 16;

  /// Checks the sizes.
  public KvLayout {
    if (pageTokens % TILE != 0 || pageTokens <= 0) {
      throw new IllegalArgumentException("pageTokens must be a multiple of 16, is " + pageTokens);
    }
    if (layers <= 0 || kvHeads <= 0 || headDim <= 0) {
      throw new IllegalArgumentException(
          "layers, kvHeads and headDim must be positive: %d, %d, %d"
              .formatted(layers, kvHeads, headDim));
    }
  }

  /// Returns the bytes of the keys of one page and layer (the values take as many).
  public long halfBytes() {
    long elements = (long) kvHeads * pageTokens * headDim;
    long scales = type == KvType.Q8 ? (long) kvHeads * pageTokens * Float.BYTES : 0;
    return elements * type.bytes() + scales;
  }

  /// Returns the bytes of one page of one layer, keys and values.
  public long layerBytes() {
    return 2 * halfBytes();
  }

  /// Returns the bytes of one page over all layers.
  public long pageBytes() {
    return layers * layerBytes();
  }

  /// Returns the byte offset of a key's element from the start of a page of a layer.
  public long keyOffset(int kvHead, int position, int element) {
    long tile = (long) kvHead * (pageTokens / TILE) + position / TILE;
    return ((tile * headDim + element) * TILE + position % TILE) * type.bytes();
  }

  /// Returns the byte offset of a value's element from the start of a page of a layer.
  public long valueOffset(int kvHead, int position, int element) {
    return halfBytes()
        + (((long) kvHead * pageTokens + position) * headDim + element) * type.bytes();
  }

  /// Returns the byte offset of the scale of a key (`Q8` only) from the start of a page of a layer.
  public long keyScaleOffset(int kvHead, int position) {
    return (long) kvHeads * pageTokens * headDim
        + ((long) kvHead * pageTokens + position) * Float.BYTES;
  }

  /// Returns the byte offset of the scale of a value (`Q8` only) from the start of a page of a
  /// layer.
  public long valueScaleOffset(int kvHead, int position) {
    return halfBytes() + keyScaleOffset(kvHead, position);
  }
}
