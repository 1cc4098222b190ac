package org.tokapu.engine.sampling;

import java.util.Arrays;

/// Brings the smallest of many long keys to the front, sorted, without sorting the rest.
///
/// A threshold is guessed from an evenly spaced sample; one pass parts the keys by it, stably; what
/// is in front gets sorted. A bad guess costs another pass, nothing else. Keys with the same high
/// word are never parted: all of them are in front, or none. Reuses its buffers; not thread-safe.
final class SmallestFirst {
  // Below this, sorting everything is as fast as looking for a threshold.
  static final int SMALL = 1024;
  static final int SAMPLE = 512;

  private final long[] sample = new long[SAMPLE];
  private long[] front = new long[SMALL];

  /// Returns a rank in a sorted sample of `SAMPLE` out of `size` keys that probably has at least
  /// `wanted` keys below it: the expected rank and three to four standard deviations.
  static int likelyRank(int wanted, int size) {
    double expected = (double) wanted * SAMPLE / size;
    return (int) (expected + 3.5 * Math.sqrt(expected) + 3);
  }

  /// Sorts at least the `wanted` smallest of `keys[0 .. size]` into the front.
  ///
  /// @return how many are now sorted in front, at least `min(wanted, size)`
  int sort(long[] keys, int size, int wanted) {
    if (size > SMALL) {
      takeSample(keys, size);
      for (int rank = likelyRank(wanted, size); rank < SAMPLE / 2; rank *= 2) {
        int n = part(keys, size, sample[rank] | 0xFFFFFFFFL);
        if (n >= wanted) {
          Arrays.sort(keys, 0, n);
          return n;
        }
      }
    }
    Arrays.sort(keys, 0, size);
    return size;
  }

  private void takeSample(long[] keys, int size) {
    for (int i = 0; i < SAMPLE; i++) {
      sample[i] = keys[(int) ((long) i * size / SAMPLE)];
    }
    Arrays.sort(sample);
  }

  private int part(long[] keys, int size, long threshold) {
    int small = 0;
    int large = 0;
    for (int i = 0; i < size; i++) {
      long key = keys[i];
      if (key <= threshold) {
        if (small == front.length) {
          front = Arrays.copyOf(front, small * 2);
        }
        front[small++] = key;
      } else {
        keys[large++] = key;
      }
    }
    System.arraycopy(keys, 0, keys, small, large);
    System.arraycopy(front, 0, keys, 0, small);
    return small;
  }
}
