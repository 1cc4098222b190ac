package org.tokapu.text.tokenizer;

import java.util.Arrays;

/// Merges the symbols of one word, best pair first and of equal pairs the leftmost, until nothing
/// merges. Reused for many words; not thread-safe.
///
/// Short words scan for the best pair; long ones keep pairs in a heap over a linked list, so that a
/// word of `n` symbols takes `n log n`.
final class BpeMerger {
  /// Up to here a scan is faster than a heap.
  private static final int SCANNED = 48;

  private static final int NONE = Integer.MAX_VALUE;

  private final PairRanks ranks;
  private int[] ids = new int[64];
  private int[] starts = new int[64];
  private int[] rank = new int[64];
  private int[] before = new int[0];
  private int[] after = new int[0];
  private long[] heap = new long[0];
  private int heapSize;
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
      rank = new int[capacity];
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
      mergeByHeap(text);
    }
  }

  private int rankOf(int left, int right, byte[] text, int from, int to) {
    int found = left < 0 || right < 0 ? -1 : ranks.rank(left, right, text, from, to);
    return found < 0 ? NONE : found;
  }

  private void scan(byte[] text) {
    for (int i = 0; i + 1 < size; i++) {
      rank[i] = rankOf(ids[i], ids[i + 1], text, starts[i], starts[i + 2]);
    }
    while (size > 1) {
      int best = 0;
      int least = rank[0];
      for (int i = 1; i + 1 < size; i++) {
        if (rank[i] < least) {
          least = rank[i];
          best = i;
        }
      }
      if (least == NONE) {
        return;
      }
      ids[best] = ranks.result(least);
      for (int i = best + 1; i + 1 < size; i++) {
        ids[i] = ids[i + 1];
        starts[i] = starts[i + 1];
        rank[i] = rank[i + 1];
      }
      size--;
      starts[size] = starts[size + 1];
      if (best > 0) {
        rank[best - 1] = rankOf(ids[best - 1], ids[best], text, starts[best - 1], starts[best + 1]);
      }
      if (best + 1 < size) {
        rank[best] = rankOf(ids[best], ids[best + 1], text, starts[best], starts[best + 2]);
      }
    }
  }

  private void mergeByHeap(byte[] text) {
    if (before.length < size) {
      before = new int[size];
      after = new int[size];
    }
    heap = new long[size];
    heapSize = 0;
    for (int i = 0; i < size; i++) {
      before[i] = i - 1;
      after[i] = i + 1;
      rank[i] = i + 1 < size ? rankOf(ids[i], ids[i + 1], text, starts[i], starts[i + 2]) : NONE;
      if (rank[i] != NONE) {
        heap[heapSize++] = (long) rank[i] << 32 | i;
      }
    }
    for (int i = heapSize / 2 - 1; i >= 0; i--) {
      sink(i, heap[i]);
    }
    while (heapSize > 0) {
      long least = heap[0];
      int at = (int) least;
      if (rank[at] == (int) (least >>> 32)) {
        join(at, text);
      } else {
        removeLeast();
      }
    }
    gather();
    heap = new long[0];
  }

  /// Merges the symbol at `at`, whose entry is the heap's first, with its right neighbour.
  private void join(int at, byte[] text) {
    int gone = after[at];
    int next = after[gone];
    ids[at] = ranks.result(rank[at]);
    rank[gone] = NONE;
    after[at] = next;
    rank[at] = NONE;
    if (next < size) {
      before[next] = at;
      rank[at] = rankOf(ids[at], ids[next], text, starts[at], endOf(next));
    }
    // The entry that is used up makes room for a new one: the heap never outgrows the word much.
    if (rank[at] != NONE) {
      sink(0, (long) rank[at] << 32 | at);
    } else {
      removeLeast();
    }
    int left = before[at];
    if (left >= 0) {
      int old = rank[left];
      rank[left] = rankOf(ids[left], ids[at], text, starts[left], endOf(at));
      if (rank[left] != NONE && rank[left] != old) {
        push((long) rank[left] << 32 | left);
      }
    }
  }

  private int endOf(int at) {
    return starts[after[at]];
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

  private void push(long entry) {
    if (heapSize == heap.length) {
      heap = Arrays.copyOf(heap, heap.length + (heap.length >> 1) + 1);
    }
    int at = heapSize++;
    while (at > 0) {
      int parent = (at - 1) >>> 1;
      if (heap[parent] <= entry) {
        break;
      }
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = entry;
  }

  private void removeLeast() {
    heapSize--;
    if (heapSize > 0) {
      sink(0, heap[heapSize]);
    }
  }

  private void sink(int from, long entry) {
    int at = from;
    while (true) {
      int child = at * 2 + 1;
      if (child >= heapSize) {
        break;
      }
      if (child + 1 < heapSize && heap[child + 1] < heap[child]) {
        child++;
      }
      if (heap[child] >= entry) {
        break;
      }
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = entry;
  }
}
