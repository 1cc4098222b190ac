package org.tokapu.text.tokenizer;

import java.util.HashMap;
import java.util.Map;

/// Merges one stretch of SentencePiece text after the other, reusing its arrays. Not thread-safe.
final class MergeRun {
  private static final byte[] NO_BYTES = {};

  private final MergeRules rules;
  private final PieceTrie userDefined;
  private final BpeMerger merger;

  /// Unused piece: the last two symbols that could have made it.
  private final Map<Integer, Long> origins = new HashMap<>();

  MergeRun(MergeRules rules, PieceTrie userDefined) {
    this.rules = rules;
    this.userDefined = userDefined;
    this.merger = new BpeMerger(rules.anyUnused() ? this::recorded : rules.merges());
  }

  private long recorded(int left, int right, byte[] text, int from, int to) {
    long pair = rules.merges().merge(left, right, text, from, to);
    if (pair != PairRanks.NONE && rules.isUnused((int) pair)) {
      origins.put((int) pair, (long) left << 32 | right);
    }
    return pair;
  }

  /// Appends the pieces of `text[from .. to)`.
  void segment(char[] text, int from, int to, PieceBuffer out) {
    read(text, from, to);
    merger.merge(NO_BYTES, to);
    for (int i = 0; i < merger.size(); i++) {
      emit(text, merger.id(i), merger.start(i), merger.start(i + 1), out);
    }
  }

  private void read(char[] text, int from, int to) {
    merger.clear();
    boolean plain = userDefined.isEmpty();
    for (int at = from; at < to; ) {
      int symbol = plain ? 0 : userDefined.longest(text, at, to);
      if (symbol > 0) {
        merger.add(frozen(userDefined.find(text, at, at + symbol)), at);
        at += symbol;
      } else {
        int c = Character.codePointAt(text, at, to);
        merger.add(rules.symbol(c), at);
        at += Character.charCount(c);
      }
    }
  }

  /// User-defined symbols are below [MergeRules#UNKNOWN], so that they never merge.
  private static int frozen(int id) {
    return -2 - id;
  }

  private void emit(char[] text, int symbol, int start, int end, PieceBuffer out) {
    if (symbol < MergeRules.UNKNOWN) {
      out.add(frozen(symbol), end);
    } else if (!rules.isPiece(symbol)) {
      out.addUnknown(Character.codePointAt(text, start, end), end);
    } else if (rules.isUnused(symbol)) {
      Long origin = origins.get(symbol);
      if (origin == null) {
        out.add(symbol, end);
      } else {
        int left = (int) (origin >> 32);
        int middle = start + rules.length(left);
        emit(text, left, start, middle, out);
        emit(text, (int) (long) origin, middle, end, out);
      }
    } else {
      out.add(symbol, end);
    }
  }
}
