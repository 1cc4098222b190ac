package org.tokapu.model.convert;

/// The order of rows in query and key matrices, which decides where the two elements of a rotary
/// pair lie: half a head apart (Hugging Face) or side by side (GGUF's llama).
final class HeadRows {
  private HeadRows() {}

  /// Returns which row of a halves matrix becomes each row of the interleaved one.
  static int[] toInterleaved(int heads, int headDim) {
    int[] order = new int[heads * headDim];
    int half = headDim / 2;
    for (int h = 0; h < heads; h++) {
      for (int pair = 0; pair < half; pair++) {
        order[h * headDim + 2 * pair] = h * headDim + pair;
        order[h * headDim + 2 * pair + 1] = h * headDim + half + pair;
      }
    }
    return order;
  }

  /// Returns which row of an interleaved matrix becomes each row of the halves one.
  static int[] toHalves(int heads, int headDim) {
    int[] there = toInterleaved(heads, headDim);
    int[] back = new int[there.length];
    for (int i = 0; i < there.length; i++) {
      back[there[i]] = i;
    }
    return back;
  }
}
