package org.tokapu.text.tokenizer;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tokapu.text.tokenizer.SentencePiece.Kind;

/// The symbols of a BPE vocabulary and their merges.
///
/// A symbol is a piece, by its id, or a character that only occurs inside of pieces, by a number
/// behind the ids. Immutable and thread-safe.
final class MergeRules {
  /// A character in no piece at all: it never merges.
  static final int UNKNOWN = -1;

  private final int[] symbols = new int[0x10000];
  private final Map<Integer, Integer> rareSymbols = new HashMap<>();
  private final int[] lengths;
  private final MergeTable merges;
  private final boolean[] unused;
  private boolean anyUnused;

  /// @param explicit pairs of ids `left, right, left, right, ...`, the earliest merge first; null
  ///   to merge by score whatever yields a piece
  MergeRules(PieceVocabulary vocabulary, int @Nullable [] explicit, boolean merging) {
    Arrays.fill(symbols, UNKNOWN);
    int size = vocabulary.size();
    unused = new boolean[size];
    Map<String, Integer> ids = HashMap.newHashMap(size);
    for (int id = 0; id < size; id++) {
      if (vocabulary.inText(id)) {
        ids.put(vocabulary.text(id), id);
        unused[id] = vocabulary.kind(id) == Kind.UNUSED;
      }
    }
    int count = size;
    for (Map.Entry<String, Integer> e : Map.copyOf(ids).entrySet()) {
      String text = e.getKey();
      for (int at = 0; at < text.length(); ) {
        int c = text.codePointAt(at);
        int width = Character.charCount(c);
        if (symbol(c) == UNKNOWN) {
          String alone = text.substring(at, at + width);
          Integer piece = ids.get(alone);
          name(c, piece == null ? count : piece);
          if (piece == null) {
            ids.put(alone, count++);
          }
        }
        at += width;
      }
    }
    lengths = new int[count];
    ids.forEach((text, symbol) -> lengths[symbol] = text.length());
    merges = new MergeTable(merging ? size * 4 : 0);
    if (merging && explicit != null) {
      put(explicit, vocabulary, ids);
    } else if (merging) {
      int[] ranks = ranks(vocabulary);
      for (int id = 0; id < size; id++) {
        if (vocabulary.inText(id) && vocabulary.kind(id) != Kind.USER_DEFINED) {
          put(vocabulary.text(id), id, ranks[id], ids);
        }
      }
    }
  }

  /// Every way to split the piece into two symbols merges into it.
  private void put(String text, int id, int rank, Map<String, Integer> ids) {
    for (int at = 1; at < text.length(); at++) {
      if (Character.isLowSurrogate(text.charAt(at))) {
        continue;
      }
      Integer left = ids.get(text.substring(0, at));
      Integer right = left == null ? null : ids.get(text.substring(at));
      if (left != null && right != null) {
        merges.put(left, right, rank, id);
        anyUnused |= unused[id];
      }
    }
  }

  private void put(int[] explicit, PieceVocabulary vocabulary, Map<String, Integer> ids) {
    for (int i = 0; i + 1 < explicit.length; i += 2) {
      int left = explicit[i];
      int right = explicit[i + 1];
      Integer merged = ids.get(vocabulary.text(left) + vocabulary.text(right));
      if (merged != null) {
        merges.put(left, right, i / 2, merged);
        anyUnused |= unused[merged];
      }
    }
  }

  /// Ranks by score, 0 for the highest; equal scores have equal ranks.
  private static int[] ranks(PieceVocabulary vocabulary) {
    float[] sorted = new float[vocabulary.size()];
    for (int id = 0; id < sorted.length; id++) {
      // Adding zero turns -0 into 0: the two are one score.
      sorted[id] = -vocabulary.score(id) + 0f;
    }
    float[] scores = sorted.clone();
    Arrays.sort(sorted);
    int distinct = 0;
    for (int i = 0; i < sorted.length; i++) {
      if (i == 0 || sorted[i] != sorted[i - 1]) {
        sorted[distinct++] = sorted[i];
      }
    }
    int[] ranks = new int[scores.length];
    for (int id = 0; id < ranks.length; id++) {
      ranks[id] = Arrays.binarySearch(sorted, 0, distinct, scores[id]);
    }
    return ranks;
  }

  private void name(int codePoint, int symbol) {
    if (codePoint < symbols.length) {
      symbols[codePoint] = symbol;
    } else {
      rareSymbols.put(codePoint, symbol);
    }
  }

  /// Returns the symbol of one character, or [#UNKNOWN].
  int symbol(int codePoint) {
    return codePoint < symbols.length
        ? symbols[codePoint]
        : rareSymbols.getOrDefault(codePoint, UNKNOWN);
  }

  /// Returns which two symbols merge.
  PairRanks merges() {
    return merges;
  }

  /// Returns whether a symbol is a piece (else a character that only occurs inside of pieces).
  boolean isPiece(int symbol) {
    return symbol >= 0 && symbol < unused.length;
  }

  /// Returns whether the symbol is an unused piece: it is taken apart again in the end.
  boolean isUnused(int symbol) {
    return isPiece(symbol) && unused[symbol];
  }

  /// Returns whether a merge may yield an unused piece.
  boolean anyUnused() {
    return anyUnused;
  }

  /// Returns the number of chars of a symbol.
  int length(int symbol) {
    return lengths[symbol];
  }
}
