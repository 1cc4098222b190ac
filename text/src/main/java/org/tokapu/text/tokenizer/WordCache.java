package org.tokapu.text.tokenizer;

import java.util.concurrent.atomic.AtomicReferenceArray;

/// The pieces of words met lately. Bounded: a word has two slots to lie in, and takes the place of
/// the one that came before the last.
///
/// A word is one `int[]`, so that meeting it again touches one or two cache lines: `[0]` chars in
/// the text `| pieces << 8 | steps << 16 | ends unknown << 24`, `[1]` and `[2]` the sum and the
/// margin as float bits, then the text, two chars an int, the pieces as `id | end << 24`, and the
/// scores of the steps. Thread-safe: words never change, and a slot that is overwritten at the same
/// time only costs finding the pieces again.
final class WordCache {
  /// Longer words are not kept; in UTF-8 they fit 255 byte pieces.
  static final int LONGEST = 40;

  /// Larger vocabularies do not fit.
  static final int MOST_IDS = 1 << 24;

  private static final int TEXT = 3;

  // 2^15 words of about 80 bytes: 2.6 MB when full.
  private static final int BITS = 15;

  private final AtomicReferenceArray<int[]> slots = new AtomicReferenceArray<>(1 << BITS);

  /// No word.
  static final int[] ABSENT = {};

  /// Begins a hash of a word, to be continued by [#hash(int, char)].
  static final int SEED = 17;

  /// Returns the hash of a word and one more char.
  static int hash(int hash, char c) {
    return hash * 31 + c;
  }

  /// Returns the word `text[from .. to)`, or [#ABSENT].
  int[] find(char[] text, int from, int to, int hash) {
    int slot = slot(hash);
    int[] word = slots.getAcquire(slot);
    if (word != null && spells(word, text, from, to)) {
      return word;
    }
    int[] other = slots.getAcquire(slot ^ 1);
    return other != null && spells(other, text, from, to) ? other : ABSENT;
  }

  private static boolean spells(int[] word, char[] text, int from, int to) {
    int length = to - from;
    if ((word[0] & 0xff) != length) {
      return false;
    }
    int at = TEXT;
    int i = from;
    for (; i + 1 < to; i += 2) {
      if (word[at++] != (text[i] | text[i + 1] << 16)) {
        return false;
      }
    }
    return i == to || word[at] == text[i];
  }

  /// Keeps the pieces in `buffer` for the word `text[from .. to)`.
  ///
  /// @param buffer the pieces, with their ends
  /// @param steps scores along the way (Unigram), else empty
  /// @param margin by how much the closest decision on the way was made (Unigram)
  /// @return the word
  int[] put(
      char[] text, int from, int to, int hash, PieceBuffer buffer, float[] steps, double margin) {
    int pieces = TEXT + (to - from + 1) / 2;
    int scores = pieces + buffer.size();
    int[] word = new int[scores + steps.length];
    int unknown = buffer.endsUnknown() ? 1 << 24 : 0;
    word[0] = to - from | buffer.size() << 8 | steps.length << 16 | unknown;
    for (int i = from; i < to; i++) {
      word[TEXT + (i - from) / 2] |= text[i] << 16 * ((i - from) % 2);
    }
    for (int i = 0; i < buffer.size(); i++) {
      word[pieces + i] = buffer.id(i) | buffer.end(i) - from << 24;
    }
    float sum = 0;
    for (int i = 0; i < steps.length; i++) {
      word[scores + i] = Float.floatToRawIntBits(steps[i]);
      sum += Math.abs(steps[i]);
    }
    word[1] = Float.floatToRawIntBits(sum);
    word[2] = Float.floatToRawIntBits(Math.nextDown((float) margin));
    int slot = slot(hash);
    int[] before = slots.getAcquire(slot);
    if (before != null) {
      slots.setRelease(slot ^ 1, before);
    }
    slots.setRelease(slot, word);
    return word;
  }

  /// Returns whether this is [#ABSENT].
  static boolean isAbsent(int[] word) {
    return word.length == 0;
  }

  /// Returns how many pieces a word has.
  static int pieces(int[] word) {
    return word[0] >>> 8 & 0xff;
  }

  /// Returns where in the array its pieces begin.
  static int firstPiece(int[] word) {
    return TEXT + ((word[0] & 0xff) + 1) / 2;
  }

  /// Returns the id of an entry among the pieces.
  static int id(int piece) {
    return piece & 0xffffff;
  }

  /// Returns the index after the last char of an entry among the pieces, from the start of the
  /// word.
  static int end(int piece) {
    return piece >>> 24;
  }

  /// Returns whether the last piece is an unknown one.
  static boolean endsUnknown(int[] word) {
    return word[0] >>> 24 != 0;
  }

  /// Returns the sum of the steps, each taken as positive.
  static float sum(int[] word) {
    return Float.intBitsToFloat(word[1]);
  }

  /// Returns by how much the closest decision on the way was made.
  static float margin(int[] word) {
    return Float.intBitsToFloat(word[2]);
  }

  /// Returns `total` and all steps, one after the other.
  static float add(float total, int[] word) {
    float sum = total;
    int end = word.length;
    for (int i = end - (word[0] >>> 16 & 0xff); i < end; i++) {
      sum += Float.intBitsToFloat(word[i]);
    }
    return sum;
  }

  private static int slot(int hash) {
    return hash * 0x9E3779B9 >>> 32 - BITS;
  }
}
