package org.tokapu.tensor.quant.mix;

/// What a mixture needs to know about a model.
///
/// @param layers number of layers
/// @param heads attention heads
/// @param kvHeads heads of keys and values
/// @param experts experts of a mixture-of-experts model, else 0
/// @param tied whether the output has no matrix of its own and uses the token embedding's
/// @param importance whether an importance matrix is at hand
public record MixModel(
    int layers, int heads, int kvHeads, int experts, boolean tied, boolean importance) {
  /// Checks that the counts can be.
  public MixModel {
    if (layers < 1 || heads < 1 || kvHeads < 1 || experts < 0) {
      throw new IllegalArgumentException(
          "%d layers, %d heads, %d kv heads, %d experts: no such model"
              .formatted(layers, heads, kvHeads, experts));
    }
  }

  /// Returns whether at least four heads share a value matrix, which is then small and important.
  boolean sharesValues() {
    return heads / kvHeads >= 4;
  }

  /// Returns whether the shape is that of LLaMA 2 70B and its kind.
  boolean likeLlama70b() {
    return layers == 80 && kvHeads < heads;
  }

  /// Returns whether the layer is among the first or last eighth, or every third in between.
  boolean deservesMore(int layer) {
    int eighth = layers / 8;
    return layer < eighth || layer >= 7 * layers / 8 || (layer - eighth) % 3 == 2;
  }
}
