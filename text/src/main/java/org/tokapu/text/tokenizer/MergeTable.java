package org.tokapu.text.tokenizer;

import java.util.Arrays;

/// Which two neighbouring symbols merge into which, and how early. Write it on one thread, then
/// share it.
final class MergeTable implements PairRanks {
  private long[] keys;
  private long[] merges;
  private int size;

  MergeTable(int expected) {
    int capacity = Integer.highestOneBit(Math.max(expected, 16)) * 4;
    keys = new long[capacity];
    merges = new long[capacity];
    Arrays.fill(keys, -1);
  }

  /// Adds a merge unless the pair has one.
  void put(int left, int right, int rank, int merged) {
    if (size * 2 >= keys.length) {
      grow();
    }
    long key = key(left, right);
    int slot = slot(key);
    while (keys[slot] != -1) {
      if (keys[slot] == key) {
        return;
      }
      slot = slot + 1 & keys.length - 1;
    }
    keys[slot] = key;
    merges[slot] = (long) rank << 32 | merged;
    size++;
  }

  @Override
  public long merge(int left, int right, byte[] text, int from, int to) {
    long key = key(left, right);
    int slot = slot(key);
    while (true) {
      long found = keys[slot];
      if (found == key) {
        return merges[slot];
      }
      if (found == -1) {
        return NONE;
      }
      slot = slot + 1 & keys.length - 1;
    }
  }

  private void grow() {
    long[] oldKeys = keys;
    long[] oldMerges = merges;
    keys = new long[oldKeys.length * 2];
    merges = new long[keys.length];
    Arrays.fill(keys, -1);
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != -1) {
        int slot = slot(oldKeys[i]);
        while (keys[slot] != -1) {
          slot = slot + 1 & keys.length - 1;
        }
        keys[slot] = oldKeys[i];
        merges[slot] = oldMerges[i];
      }
    }
  }

  private int slot(long key) {
    long mixed = key * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 32 ^ mixed >>> 15) & keys.length - 1;
  }

  private static long key(int left, int right) {
    return (long) left << 32 | right;
  }
}
