package org.tokapu.text.tokenizer;

import java.util.Arrays;
import org.tokapu.text.tokenizer.SentencePiece.Type;

/// The most probable cut of a text into pieces (Viterbi), as SentencePiece computes it.
///
/// A character without a piece costs 10 more than the least probable piece. SentencePiece adds the
/// scores up in float32 from the start of the text, so in long texts rounding decides between
/// near-equal cuts; that is reproduced: a remembered word is used only where no rounding at this
/// place of the text can change its cut. Linear in the length of the text.
final class SentencePieceUnigram implements PieceSegmenter {
  private static final float UNKNOWN_PENALTY = 10;
  private static final int MISSING = -1;

  /// Spacing of floats from which remembered words are seldom safe to use: 2^-8.
  private static final float COARSE = 0x1p-8f;

  private final PieceVocabulary vocabulary;
  private final PieceTrie trie = new PieceTrie();
  private final double[] scores;
  private final float unknownScore;
  private final WordCache cache = new WordCache();

  SentencePieceUnigram(PieceVocabulary vocabulary) {
    this.vocabulary = vocabulary;
    scores = new double[vocabulary.size()];
    float least = Float.MAX_VALUE;
    // SentencePiece begins its maximum here; scores are negative, so it usually stays.
    float most = Float.MIN_NORMAL;
    for (int id = 0; id < scores.length; id++) {
      if (vocabulary.type(id) == Type.NORMAL) {
        least = Math.min(least, vocabulary.score(id));
        most = Math.max(most, vocabulary.score(id));
      }
    }
    unknownScore = least - UNKNOWN_PENALTY;
    for (int id = 0; id < scores.length; id++) {
      Type type = vocabulary.type(id);
      if (vocabulary.inText(id) && type != Type.UNUSED) {
        trie.put(vocabulary.text(id), id);
        scores[id] =
            type == Type.USER_DEFINED
                ? utf8Length(vocabulary.text(id)) * most - 0.1
                : vocabulary.score(id);
      }
    }
  }

  private static int utf8Length(String text) {
    // A space stands for the three bytes of its escape.
    return text.codePoints().map(c -> c == ' ' ? 3 : Utf8.bytes(c)).sum();
  }

  @Override
  public void segment(NormalizedText text, PieceBuffer out) {
    char[] chars = text.chars();
    int length = text.length();
    Lattice lattice = new Lattice();
    PieceBuffer word = new PieceBuffer(vocabulary, WordCache.LONGEST);
    float total = 0;
    for (int at = 0; at < length; ) {
      int end = vocabulary.wordEnd(chars, at, length);
      if (end - at <= WordCache.LONGEST && Math.ulp(total) <= COARSE) {
        WordCache.Word known = cache.find(chars, at, end);
        if (known == null) {
          word.clear();
          lattice.fill(chars, at, end, 0, false);
          double[] steps = lattice.emit(chars, at, end, word);
          known = cache.put(chars, at, end, word, steps, lattice.margin);
        }
        if (isSafe(known, total, end - at)) {
          out.addAll(known, at);
          for (double step : known.steps()) {
            total = (float) (total + step);
          }
          at = end;
          continue;
        }
      }
      total = lattice.fill(chars, at, end, total, true);
      lattice.emit(chars, at, end, out);
      at = end;
    }
  }

  /// Returns whether float32 sums from `total` on must lead to the cut that exact sums lead to.
  ///
  /// Two paths of at most `length` steps each differ from exact by at most half a unit in the last
  /// place a step.
  private static boolean isSafe(WordCache.Word word, float total, int length) {
    double sum = Math.abs(total);
    for (double step : word.steps()) {
      sum += Math.abs(step);
    }
    return word.margin() > (length + 2) * (double) Math.ulp((float) (sum * 2));
  }

  /// The best way to each place of one stretch of text; reused for the next.
  private final class Lattice {
    private double[] best = new double[WordCache.LONGEST + 1];
    private int[] origins = new int[WordCache.LONGEST + 1];
    private int[] ids = new int[WordCache.LONGEST + 1];
    private int[] path = new int[WordCache.LONGEST + 1];

    /// By how much the closest decision was made.
    private double margin;

    /// Finds the best ways to all places of `text[from .. to)`.
    ///
    /// @param before the score of the text before
    /// @param rounding whether sums are rounded to float32
    /// @return the score up to the end
    float fill(char[] text, int from, int to, float before, boolean rounding) {
      reserve(to - from);
      Arrays.fill(origins, 0, to - from + 1, MISSING);
      best[0] = before;
      margin = Double.MAX_VALUE;
      for (int at = from; at < to; ) {
        boolean pair =
            Character.isHighSurrogate(text[at])
                && at + 1 < to
                && Character.isLowSurrogate(text[at + 1]);
        int width = pair ? 2 : 1;
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
            reach(end - from, at - from, id, here + scores[id], rounding);
            single |= end - at == width;
          }
        }
        if (!single) {
          double score = rounding ? (float) here + unknownScore : here + unknownScore;
          reach(at + width - from, at - from, MISSING, score, rounding);
        }
        at += width;
      }
      return (float) best[to - from];
    }

    private void reach(int place, int origin, int id, double score, boolean rounding) {
      if (origins[place] != MISSING) {
        margin = Math.min(margin, Math.abs(score - best[place]));
        if (!(score > best[place])) {
          return;
        }
      }
      best[place] = rounding ? (float) score : score;
      origins[place] = origin;
      ids[place] = id;
    }

    private void reserve(int length) {
      if (length >= best.length) {
        best = new double[length + 1];
        origins = new int[length + 1];
        ids = new int[length + 1];
        path = new int[length + 1];
      }
    }

    /// Appends the pieces of the best way to the end; returns the score of each step.
    double[] emit(char[] text, int from, int to, PieceBuffer out) {
      int count = 0;
      for (int place = to - from; place > 0; place = origins[place]) {
        path[count++] = place;
      }
      double[] steps = new double[count];
      for (int i = count - 1; i >= 0; i--) {
        int place = path[i];
        int id = ids[place];
        if (id == MISSING) {
          out.addUnknown(Character.codePointAt(text, from + origins[place], to), from + place);
        } else {
          out.add(id, from + place);
        }
        steps[count - 1 - i] = id == MISSING ? unknownScore : scores[id];
      }
      return steps;
    }
  }
}
