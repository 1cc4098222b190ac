package org.tokapu.text.tokenizer;

import org.jspecify.annotations.Nullable;

/// Byte-pair encoding as SentencePiece does it: over the whole text, characters first, always the
/// two neighbours whose union is the piece of the highest score, leftmost on ties.
///
/// User-defined symbols are found first, longest match from the left, and never merge. A merge that
/// yields an unused piece is taken apart in the end, into the last two symbols that could have made
/// it. Time is `n log n` at worst for a stretch of `n` characters without a word border, and the
/// pieces of short words are remembered.
final class SentencePieceBpe implements PieceSegmenter {
  private static final float[] NO_STEPS = {};

  private final PieceVocabulary vocabulary;
  private final MergeRules rules;
  private final PieceTrie userDefined;
  private final WordCache cache = new WordCache();

  /// @param merges pairs of ids, the earliest merge first; null to merge by score
  /// @param merging false for the CHAR algorithm, which only looks characters up
  SentencePieceBpe(PieceVocabulary vocabulary, int @Nullable [] merges, boolean merging) {
    this.vocabulary = vocabulary;
    this.rules = new MergeRules(vocabulary, merges, merging);
    this.userDefined = vocabulary.userDefined(true);
  }

  @Override
  public Run run() {
    return new Words();
  }

  /// Goes through a text word by word.
  private final class Words implements Run {
    private final MergeRun merge = new MergeRun(rules, userDefined);
    private final PieceBuffer word = new PieceBuffer(vocabulary, WordCache.LONGEST, true);

    @Override
    public void segment(NormalizedText text, PieceBuffer out) {
      char[] chars = text.chars();
      if (rules.anyUnused()) {
        // How an unused piece is taken apart depends on the whole text before it, and on no other.
        new MergeRun(rules, userDefined).segment(chars, 0, text.length(), out);
        return;
      }
      WordScanner words = new WordScanner(vocabulary, text);
      while (words.next()) {
        int from = words.start();
        int to = words.end();
        if (words.isOutside()) {
          out.addUnknowns(chars, from, to);
          continue;
        }
        if (!words.isShort()) {
          merge.segment(chars, from, to, out);
          continue;
        }
        int[] known = cache.find(chars, from, to, words.hash());
        if (WordCache.isAbsent(known)) {
          word.clear();
          merge.segment(chars, from, to, word);
          known = cache.put(chars, from, to, words.hash(), word, NO_STEPS, 0);
        }
        out.addAll(known, from);
      }
    }
  }
}
