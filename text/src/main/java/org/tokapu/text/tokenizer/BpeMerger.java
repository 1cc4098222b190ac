package org.tokapu.text.tokenizer;

import java.util.Arrays;

/// Merges the symbols of one word, best pair first and of equal pairs the leftmost, until nothing
/// merges. Reused for many words; not thread-safe.
///
/// Short words scan for the best pair; long ones keep pairs in a queue over a linked list, in which
/// pairs that are gone are met and passed over, so that a word of `n` symbols takes `n log n`.
/// Negative symbols never merge.
final class BpeMerger {
  // Where the queue begins to win over scanning: both take about 1 us there.
  private static final int SCANNED = 48;

  private final PairRanks ranks;
  private final MergeQueue queue = new MergeQueue(16);

  /// Symbols, and the unit at which each starts; one more for the end.
  private int[] ids = new int[64];

  private int[] starts = new int[64];

  /// By symbol: `rank << 32 | merged` with its right neighbour.
  private long[] pairs = new long[64];

  private int[] before = {};
  private int[] after = {};
  private int size;

  BpeMerger(PairRanks ranks) {
    this.ranks = ranks;
  }

  /// Forgets the last word.
  void clear() {
    size = 0;
  }

  /// Adds the next symbol, which begins at unit `start` of the word.
  void add(int id, int start) {
    if (size + 1 >= ids.length) {
      int capacity = ids.length * 2;
      ids = Arrays.copyOf(ids, capacity);
      starts = Arrays.copyOf(starts, capacity);
      pairs = new long[capacity];
    }
    ids[size] = id;
    starts[size++] = start;
  }

  int size() {
    return size;
  }

  int id(int index) {
    return ids[index];
  }

  /// Returns the unit at which symbol `index` begins; at [#size], the end of the word.
  int start(int index) {
    return starts[index];
  }

  /// Returns the ids that are left, as a new array.
  int[] ids() {
    return Arrays.copyOf(ids, size);
  }

  /// Merges the symbols that were added.
  ///
  /// @param text what the ranks look at, or an empty array if they go by ids alone
  /// @param end the end of the word in units
  void merge(byte[] text, int end) {
    starts[size] = end;
    if (size <= SCANNED) {
      scan(text);
    } else {
      mergeByQueue(text);
    }
  }

  private long pair(int left, int right, byte[] text, int from, int to) {
    return (left | right) < 0 ? PairRanks.NONE : ranks.merge(left, right, text, from, to);
  }

  private void scan(byte[] text) {
    for (int i = 0; i + 1 < size; i++) {
      pairs[i] = pair(ids[i], ids[i + 1], text, starts[i], starts[i + 2]);
    }
    while (size > 1) {
      int best = -1;
      long least = PairRanks.NONE >> 32;
      for (int i = 0; i + 1 < size; i++) {
        long rank = pairs[i] >> 32;
        if (rank < least) {
          least = rank;
          best = i;
        }
      }
      if (best < 0) {
        return;
      }
      ids[best] = (int) pairs[best];
      int tail = size - best - 2;
      System.arraycopy(ids, best + 2, ids, best + 1, tail);
      System.arraycopy(starts, best + 2, starts, best + 1, tail + 1);
      System.arraycopy(pairs, best + 2, pairs, best + 1, tail);
      size--;
      if (best > 0) {
        pairs[best - 1] = pair(ids[best - 1], ids[best], text, starts[best - 1], starts[best + 1]);
      }
      if (best + 1 < size) {
        pairs[best] = pair(ids[best], ids[best + 1], text, starts[best], starts[best + 2]);
      }
    }
  }

  private void mergeByQueue(byte[] text) {
    if (before.length < size) {
      before = new int[size];
      after = new int[size];
    }
    queue.clear();
    for (int i = 0; i < size; i++) {
      before[i] = i - 1;
      after[i] = i + 1;
      pairs[i] = PairRanks.NONE;
    }
    for (int i = 0; i < size; i++) {
      offer(i, text);
    }
    while (!queue.isEmpty()) {
      long least = queue.take();
      int at = (int) least;
      // The pair may be gone, or be another one by now; that one has an entry of its own.
      if (pairs[at] != PairRanks.NONE && pairs[at] >> 32 == least >> 32) {
        join(at, text);
      }
    }
    gather();
  }

  /// Merges the symbol at `at` with its right neighbour.
  private void join(int at, byte[] text) {
    int gone = after[at];
    int next = after[gone];
    ids[at] = (int) pairs[at];
    pairs[at] = PairRanks.NONE;
    pairs[gone] = PairRanks.NONE;
    after[at] = next;
    if (next < size) {
      before[next] = at;
    }
    if (before[at] >= 0) {
      offer(before[at], text);
    }
    offer(at, text);
  }

  /// Looks up what a symbol and its right neighbour merge into.
  private void offer(int left, byte[] text) {
    int right = after[left];
    long old = pairs[left];
    pairs[left] =
        right < size
            ? pair(ids[left], ids[right], text, starts[left], starts[after[right]])
            : PairRanks.NONE;
    // An entry of the same rank is in the queue still.
    if (pairs[left] != PairRanks.NONE && pairs[left] >> 32 != old >> 32) {
      queue.add(pairs[left] & 0xffffffff00000000L | left);
    }
  }

  /// Moves the symbols that are left to the front.
  private void gather() {
    int count = 0;
    int end = starts[size];
    for (int at = 0; at < size; at = after[at]) {
      ids[count] = ids[at];
      starts[count++] = starts[at];
    }
    size = count;
    starts[size] = end;
  }
}
