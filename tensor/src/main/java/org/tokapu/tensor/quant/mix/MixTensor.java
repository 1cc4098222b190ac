package org.tokapu.tensor.quant.mix;

/// What a mixture needs to know about a parameter.
///
/// @param name its GGUF name: `blk.3.attn_v.weight`
/// @param dimensions how many dimensions it has; only matrices (and stacks of them) are quantized
/// @param cols the length of a row, its innermost dimension: the number of inputs
public record MixTensor(String name, int dimensions, long cols) {
  /// Checks that there is at least one dimension and one column.
  public MixTensor {
    if (dimensions < 1 || cols < 1) {
      throw new IllegalArgumentException(
          name + ": " + dimensions + " dimensions, rows of " + cols + ": nothing to store");
    }
  }

  /// Returns the layer that the name states, `blk.LAYER.`; 0 if it states none.
  int layer() {
    if (!name.startsWith("blk.")) {
      return 0;
    }
    int layer = 0;
    for (int i = 4; i < name.length() && layer < 100_000; i++) {
      int digit = Character.digit(name.charAt(i), 10);
      if (digit < 0) {
        break;
      }
      layer = 10 * layer + digit;
    }
    return layer;
  }
}
