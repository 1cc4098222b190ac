package org.tokapu.text.tokenizer;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The pieces of words met lately. Bounded: a word takes the place of another with the same slot.
///
/// Thread-safe without locks: words are immutable, slots are single references, and a slot that is
/// overwritten at the same time only costs finding the pieces again.
final class WordCache {
  /// Longer words are not kept.
  static final int LONGEST = 40;

  // 2^14 words of about 150 bytes: 2.5 MB when full.
  private static final int BITS = 14;

  private final @Nullable Word[] slots = new @Nullable Word[1 << BITS];

  /// A word and its pieces.
  ///
  /// @param ends index after the last char of each piece, from the start of the word
  /// @param endsUnknown whether the last piece is an unknown one
  /// @param steps scores along the way (Unigram), else empty
  /// @param margin by how much the closest decision on the way was made (Unigram)
  record Word(
      char[] text, int[] ids, int[] ends, boolean endsUnknown, float[] steps, double margin) {}

  /// Returns the word `text[from .. to)`, or null.
  @Nullable Word find(char[] text, int from, int to) {
    Word word = slots[slot(text, from, to)];
    return word != null && Arrays.equals(word.text, 0, word.text.length, text, from, to)
        ? word
        : null;
  }

  /// Keeps the pieces in `buffer` for the word `text[from .. to)` and returns it.
  Word put(char[] text, int from, int to, PieceBuffer buffer, float[] steps, double margin) {
    int[] ends = new int[buffer.size()];
    for (int i = 0; i < ends.length; i++) {
      ends[i] = buffer.end(i) - from;
    }
    Word word =
        new Word(
            Arrays.copyOfRange(text, from, to),
            buffer.ids(),
            ends,
            buffer.endsUnknown(),
            steps,
            margin);
    slots[slot(text, from, to)] = word;
    return word;
  }

  private static int slot(char[] text, int from, int to) {
    int hash = to - from;
    for (int i = from; i < to; i++) {
      hash = hash * 31 + text[i];
    }
    return hash * 0x9E3779B9 >>> 32 - BITS;
  }
}
