package org.tokapu.model.file;

/// The sizes in the header of a llama2.c file.
///
/// @param version 0 for the legacy layout without a magic number, 1 for the float32 layout with one
/// @param dim the width of the residual stream
/// @param hidden the width of the feed-forward layers
/// @param layers how many layers
/// @param heads how many query heads
/// @param kvHeads how many key and value heads
/// @param vocabulary how many tokens
/// @param context the longest sequence, in tokens
/// @param tied whether the output matrix is the embedding and not stored
public record Llama2cHeader(
    int version,
    int dim,
    int hidden,
    int layers,
    int heads,
    int kvHeads,
    int vocabulary,
    int context,
    boolean tied) {
  /// Returns whether the sizes can be those of a model; then no product of them that a file holds
  /// exceeds 2^61 bytes.
  boolean isPlausible() {
    return within(dim, 1 << 20)
        && within(hidden, 1 << 24)
        && within(layers, 1 << 12)
        && within(heads, dim)
        && within(kvHeads, heads)
        && within(vocabulary, 1 << 28)
        && within(context, 1 << 28)
        && dim % heads == 0
        && heads % kvHeads == 0;
  }

  private static boolean within(int value, int most) {
    return value >= 1 && value <= most;
  }
}
