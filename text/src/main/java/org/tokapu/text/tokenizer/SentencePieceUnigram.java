package org.tokapu.text.tokenizer;

import java.util.Arrays;
import org.tokapu.text.tokenizer.SentencePiece.Kind;

/// The most probable cut of a text into pieces (Viterbi), as SentencePiece computes it.
///
/// A character without a piece costs 10 more than the least probable piece. SentencePiece adds the
/// scores up in float32 over the whole text, and where a sum falls below -100,000 it begins anew
/// from 0; rounding decides between equal and near-equal cuts. That is reproduced: a remembered
/// word is used only where no rounding at this place of the text can change its cut. Linear in the
/// length of the text.
final class SentencePieceUnigram implements PieceSegmenter {
  private static final float UNKNOWN_PENALTY = 10;
  private static final int MISSING = -1;

  /// Where a sum of scores begins anew.
  private static final float LOWEST = -100_000;

  /// A unit in the last place of a float is at most this part of it.
  private static final float MOST_ULP = 0x1p-23f;

  private final PieceVocabulary vocabulary;
  private final PieceTrie trie = new PieceTrie();
  private final float[] scores;
  private final float unknownScore;
  private final WordCache cache = new WordCache();

  SentencePieceUnigram(PieceVocabulary vocabulary) {
    this.vocabulary = vocabulary;
    scores = new float[vocabulary.size()];
    float least = Float.MAX_VALUE;
    // SentencePiece begins its maximum here; scores are negative, so it usually stays.
    float most = Float.MIN_NORMAL;
    for (int id = 0; id < scores.length; id++) {
      if (vocabulary.kind(id) == Kind.NORMAL) {
        least = Math.min(least, vocabulary.score(id));
        most = Math.max(most, vocabulary.score(id));
      }
    }
    unknownScore = least - UNKNOWN_PENALTY;
    for (int id = 0; id < scores.length; id++) {
      Kind kind = vocabulary.kind(id);
      if (vocabulary.inText(id) && kind != Kind.UNUSED) {
        trie.put(vocabulary.text(id), id);
        scores[id] =
            kind == Kind.USER_DEFINED
                ? (float) (vocabulary.utf8Length(id) * most - 0.1)
                : vocabulary.score(id);
      }
    }
  }

  @Override
  public Run run() {
    return new Words();
  }

  /// Goes through a text word by word.
  private final class Words implements Run {
    private final Lattice lattice = new Lattice();
    private final PieceBuffer word = new PieceBuffer(vocabulary, WordCache.LONGEST, true);

    @Override
    public void segment(NormalizedText text, PieceBuffer out) {
      char[] chars = text.chars();
      WordScanner words = new WordScanner(vocabulary, text);
      float total = 0;
      while (words.next()) {
        int from = words.start();
        int to = words.end();
        if (words.isOutside()) {
          out.addUnknowns(chars, from, to);
          for (int i = from; i < to; i++) {
            total = (total < LOWEST ? 0 : total) + unknownScore;
          }
          continue;
        }
        int[] known = words.isShort() ? known(chars, words) : WordCache.ABSENT;
        if (!WordCache.isAbsent(known) && isSafe(known, total, to - from)) {
          out.addAll(known, from);
          total = WordCache.add(total, known);
        } else {
          total = lattice.fill(chars, from, to, total, true);
          lattice.emit(chars, from, to, out);
        }
      }
    }

    private int[] known(char[] text, WordScanner words) {
      int from = words.start();
      int to = words.end();
      int[] known = cache.find(text, from, to, words.hash());
      if (!WordCache.isAbsent(known)) {
        return known;
      }
      word.clear();
      lattice.fill(text, from, to, 0, false);
      lattice.emit(text, from, to, word);
      double margin = lattice.margin(to - from);
      return cache.put(text, from, to, words.hash(), word, lattice.steps(), margin);
    }
  }

  /// Returns whether float32 sums from `total` on must lead to the cut that exact sums lead to.
  ///
  /// Two ways of at most `length` steps each are off by at most half a unit in the last place a
  /// step.
  private static boolean isSafe(int[] word, float total, int length) {
    // Ways that lose may sink lower than the one that wins: leave room for them.
    float room = 2 * WordCache.sum(word);
    float most = Math.abs(total) + room;
    return total - room > LOWEST && WordCache.margin(word) > (length + 2) * MOST_ULP * most;
  }

  /// The best way to each place of one stretch of text; reused for the next.
  private final class Lattice {
    private double[] best = new double[WordCache.LONGEST + 1];
    private int[] origins = new int[WordCache.LONGEST + 1];
    private int[] ids = new int[WordCache.LONGEST + 1];
    private int[] path = new int[WordCache.LONGEST + 1];

    /// By how much the best way to a place is better than the second best.
    private double[] leads = new double[WordCache.LONGEST + 1];

    private int count;

    /// Finds the best ways to all places of `text[from .. to)`.
    ///
    /// @param before the score of the text before
    /// @param rounding whether sums are float32 and begin anew, as SentencePiece has them, or exact
    /// @return the score up to the end
    float fill(char[] text, int from, int to, float before, boolean rounding) {
      reserve(to - from);
      Arrays.fill(origins, 0, to - from + 1, MISSING);
      best[0] = before;
      int reached = 0;
      for (int at = from; at < to; ) {
        boolean pair =
            Character.isHighSurrogate(text[at])
                && at + 1 < to
                && Character.isLowSurrogate(text[at + 1]);
        int width = pair ? 2 : 1;
        if (rounding && best[at - from] < LOWEST) {
          beginAnew(at - from, reached);
        }
        double here = best[at - from];
        boolean single = false;
        int node = PieceTrie.ROOT;
        for (int end = at; end < to; ) {
          node = trie.step(node, text[end++]);
          if (node == PieceTrie.NONE) {
            break;
          }
          int id = trie.id(node);
          if (id != PieceTrie.NONE) {
            double score = here + scores[id];
            reach(end - from, at - from, id, rounding ? (float) score : score);
            reached = Math.max(reached, end - from);
            single |= end - at == width;
          }
        }
        if (!single) {
          double score = here + unknownScore;
          reach(at + width - from, at - from, MISSING, rounding ? (float) score : score);
          reached = Math.max(reached, at + width - from);
        }
        at += width;
      }
      return (float) best[to - from];
    }

    private void beginAnew(int place, int reached) {
      double sunk = best[place];
      for (int i = place; i <= reached; i++) {
        if (origins[i] != MISSING || i == place) {
          best[i] = (float) (best[i] - sunk);
        }
      }
    }

    private void reach(int place, int origin, int id, double score) {
      double lead = Double.MAX_VALUE;
      if (origins[place] != MISSING) {
        lead = score - best[place];
        if (!(lead > 0)) {
          leads[place] = Math.min(leads[place], -lead);
          return;
        }
      }
      leads[place] = lead;
      best[place] = score;
      origins[place] = origin;
      ids[place] = id;
    }

    private void reserve(int length) {
      if (length >= best.length) {
        best = new double[length + 1];
        leads = new double[length + 1];
        origins = new int[length + 1];
        ids = new int[length + 1];
        path = new int[length + 1];
      }
    }

    /// Appends the pieces of the best way to the end.
    void emit(char[] text, int from, int to, PieceBuffer out) {
      count = 0;
      for (int place = to - from; place > 0; place = origins[place]) {
        path[count++] = place;
      }
      for (int i = count - 1; i >= 0; i--) {
        int place = path[i];
        int id = ids[place];
        if (id == MISSING) {
          out.addUnknown(Character.codePointAt(text, from + origins[place], to), from + place);
        } else {
          out.add(id, from + place);
        }
      }
    }

    /// Returns by how much the closest decision on the best way to `place` was made.
    ///
    /// Decisions elsewhere do not count: what they yield loses here, by more than that.
    double margin(int place) {
      double margin = Double.MAX_VALUE;
      for (int at = place; at > 0; at = origins[at]) {
        margin = Math.min(margin, leads[at]);
      }
      return margin;
    }

    /// Returns the score of each step of the way that was last emitted.
    float[] steps() {
      float[] steps = new float[count];
      for (int i = 0; i < count; i++) {
        int id = ids[path[count - 1 - i]];
        steps[i] = id == MISSING ? unknownScore : scores[id];
      }
      return steps;
    }
  }
}
