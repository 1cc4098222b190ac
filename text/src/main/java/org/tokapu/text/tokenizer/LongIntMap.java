package org.tokapu.text.tokenizer;

import java.util.Arrays;

/// A hash table from `long` to `int` without boxes: open addressing, linear probing, at most half
/// full. Safe to read from many threads once it is filled.
final class LongIntMap {
  /// Marks a free slot; cannot be a key.
  private static final long FREE = Long.MIN_VALUE;

  private long[] keys;
  private int[] values;
  private int shift;
  private int size;

  /// @param expected the number of entries that are expected; it grows when there are more
  LongIntMap(int expected) {
    int bits = Math.max(3, 33 - Integer.numberOfLeadingZeros(Math.max(1, expected)));
    shift = 64 - bits;
    keys = new long[1 << bits];
    values = new int[1 << bits];
    Arrays.fill(keys, FREE);
  }

  /// Returns the value of `key`, or -1 if it has none.
  int get(long key) {
    int mask = keys.length - 1;
    int slot = slot(key);
    while (true) {
      long found = keys[slot];
      if (found == key) {
        return values[slot];
      }
      if (found == FREE) {
        return -1;
      }
      slot = (slot + 1) & mask;
    }
  }

  /// Sets the value of `key`, which is not negative for the sake of [#get], and returns the value
  /// that it had, or -1.
  int put(long key, int value) {
    if (size * 2 >= keys.length) {
      grow();
    }
    int mask = keys.length - 1;
    int slot = slot(key);
    while (keys[slot] != FREE && keys[slot] != key) {
      slot = (slot + 1) & mask;
    }
    if (keys[slot] == key) {
      int old = values[slot];
      values[slot] = value;
      return old;
    }
    keys[slot] = key;
    values[slot] = value;
    size++;
    return -1;
  }

  int size() {
    return size;
  }

  private int slot(long key) {
    // Fibonacci hashing: 2^64 divided by the golden ratio; the high bits are the mixed ones.
    return (int) ((key ^ (key >>> 32)) * 0x9E3779B97F4A7C15L >>> shift);
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldValues = values;
    keys = new long[oldKeys.length * 2];
    values = new int[oldKeys.length * 2];
    Arrays.fill(keys, FREE);
    shift--;
    size = 0;
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != FREE) {
        put(oldKeys[i], oldValues[i]);
      }
    }
  }
}
