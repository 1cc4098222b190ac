package org.tokapu.text.tokenizer;

import java.util.HashMap;
import java.util.Map;

/// Merges one stretch of text after the other, reusing its arrays. Confined to one call.
///
/// Short stretches scan an array for the best pair; long ones keep a queue of pairs, in which pairs
/// that are gone are met and passed over.
final class MergeRun {
  // Where the queue begins to win over scanning: both take about 1 us there.
  private static final int SCANNED = 48;
  private static final int END = -1;

  private final MergeRules rules;
  private final PieceTrie userDefined;
  private final MergeQueue queue = new MergeQueue(16);

  /// Symbols, and by which char each starts; [#frozen] ones are user-defined.
  private int[] symbols = new int[WordCache.LONGEST];

  private int[] starts = new int[WordCache.LONGEST + 1];

  /// By symbol: `rank << 32 | merged` with its right neighbour.
  private long[] pairs = new long[WordCache.LONGEST];

  private int[] next = {};
  private int[] previous = {};

  /// Unused piece: the last two symbols that could have made it.
  private final Map<Integer, Long> origins = new HashMap<>();

  MergeRun(MergeRules rules, PieceTrie userDefined) {
    this.rules = rules;
    this.userDefined = userDefined;
  }

  /// Appends the pieces of `text[from .. to)`.
  void segment(char[] text, int from, int to, PieceBuffer out) {
    int count = read(text, from, to);
    if (count <= SCANNED && !rules.anyUnused()) {
      count = scan(count);
      for (int i = 0; i < count; i++) {
        emit(text, symbols[i], starts[i], starts[i + 1], out);
      }
    } else {
      link(count);
      mergeAll();
      for (int i = 0; i != END; i = next[i]) {
        int end = next[i] == END ? to : starts[next[i]];
        emit(text, symbols[i], starts[i], end, out);
      }
    }
  }

  private int read(char[] text, int from, int to) {
    reserve(to - from);
    boolean plain = userDefined.isEmpty();
    int count = 0;
    for (int at = from; at < to; ) {
      starts[count] = at;
      int symbol = plain ? 0 : userDefined.longest(text, at, to);
      if (symbol > 0) {
        symbols[count++] = frozen(userDefined.find(text, at, at + symbol));
        at += symbol;
      } else {
        int c = Character.codePointAt(text, at, to);
        symbols[count++] = rules.symbol(c);
        at += Character.charCount(c);
      }
    }
    starts[count] = to;
    return count;
  }

  private void reserve(int count) {
    if (count > symbols.length) {
      symbols = new int[count];
      starts = new int[count + 1];
      pairs = new long[count];
    }
  }

  /// User-defined symbols are below [MergeRules#UNKNOWN], so that they never merge.
  private static int frozen(int id) {
    return -2 - id;
  }

  private int scan(int length) {
    int count = length;
    for (int i = 0; i + 1 < count; i++) {
      pairs[i] = rules.merge(symbols[i], symbols[i + 1]);
    }
    while (true) {
      int best = -1;
      long bestRank = MergeTable.NONE >> 32;
      for (int i = 0; i + 1 < count; i++) {
        long rank = pairs[i] >> 32;
        if (rank < bestRank) {
          bestRank = rank;
          best = i;
        }
      }
      if (best < 0) {
        return count;
      }
      symbols[best] = (int) pairs[best];
      int tail = count - best - 2;
      System.arraycopy(symbols, best + 2, symbols, best + 1, tail);
      System.arraycopy(starts, best + 2, starts, best + 1, tail + 1);
      System.arraycopy(pairs, best + 2, pairs, best + 1, tail);
      count--;
      if (best > 0) {
        pairs[best - 1] = rules.merge(symbols[best - 1], symbols[best]);
      }
      if (best + 1 < count) {
        pairs[best] = rules.merge(symbols[best], symbols[best + 1]);
      }
    }
  }

  private void link(int count) {
    if (count > next.length) {
      next = new int[count];
      previous = new int[count];
    }
    for (int i = 0; i < count; i++) {
      next[i] = i + 1 < count ? i + 1 : END;
      previous[i] = i - 1;
    }
    queue.clear();
    for (int i = 0; i < count; i++) {
      offer(i);
    }
  }

  /// Looks up what `left` and its right neighbour merge into.
  private void offer(int left) {
    int right = next[left];
    long pair = right == END ? MergeTable.NONE : rules.merge(symbols[left], symbols[right]);
    pairs[left] = pair;
    if (pair != MergeTable.NONE) {
      queue.add(pair & 0xffffffff00000000L | left);
      int merged = (int) pair;
      if (rules.anyUnused() && rules.isUnused(merged)) {
        origins.put(merged, (long) symbols[left] << 32 | symbols[right]);
      }
    }
  }

  private void mergeAll() {
    while (!queue.isEmpty()) {
      long top = queue.take();
      int left = (int) top;
      // The pair may be gone, or be another one by now; that one has an entry of its own.
      if (pairs[left] >> 32 != top >> 32) {
        continue;
      }
      int right = next[left];
      symbols[left] = (int) pairs[left];
      pairs[right] = MergeTable.NONE;
      next[left] = next[right];
      if (next[right] != END) {
        previous[next[right]] = left;
      }
      if (previous[left] != END) {
        offer(previous[left]);
      }
      offer(left);
    }
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
