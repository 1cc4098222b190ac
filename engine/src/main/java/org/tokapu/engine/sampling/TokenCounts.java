package org.tokapu.engine.sampling;

import java.util.Arrays;

/// How often each token occurs in the last tokens of a history, kept up to date as it grows.
///
/// Costs a few operations for each new token, whatever the vocabulary. Not thread-safe.
final class TokenCounts {
  private static final int FREE = -1;

  private final int window;
  private int[] keys = new int[64];
  private int[] counts = new int[64];
  private int used;
  private int from;
  private int to;

  /// @param window how many of the last tokens count; -1 for all
  TokenCounts(int window) {
    this.window = window;
    Arrays.fill(keys, FREE);
  }

  /// Takes in the tokens that `history` has gained.
  void update(TokenHistory history) {
    int length = history.length();
    if (length < to) {
      clear();
    }
    int start = window < 0 ? 0 : Math.max(0, length - window);
    for (; from < Math.min(start, to); from++) {
      add(history.token(from), -1);
    }
    from = start;
    for (to = Math.max(to, start); to < length; to++) {
      add(history.token(to), 1);
    }
  }

  /// Takes a token and how often it occurs, at least once.
  interface Visitor {
    void visit(int id, int count);
  }

  /// Visits the distinct tokens, in no particular order.
  void forEach(Visitor visitor) {
    for (int i = 0; i < keys.length; i++) {
      if (keys[i] != FREE && counts[i] > 0) {
        visitor.visit(keys[i], counts[i]);
      }
    }
  }

  private void clear() {
    Arrays.fill(keys, FREE);
    used = 0;
    from = 0;
    to = 0;
  }

  private void add(int id, int change) {
    int slot = slot(id);
    if (keys[slot] == FREE) {
      if (used * 2 >= keys.length) {
        rehash();
        slot = slot(id);
      }
      keys[slot] = id;
      counts[slot] = 0;
      used++;
    }
    counts[slot] += change;
  }

  private int slot(int id) {
    int slot = id * 0x9E3779B9 >>> Integer.numberOfLeadingZeros(keys.length) + 1;
    while (keys[slot] != FREE && keys[slot] != id) {
      slot = slot + 1 & keys.length - 1;
    }
    return slot;
  }

  /// Grows, and forgets the tokens that have left the window.
  private void rehash() {
    int[] oldKeys = keys;
    int[] oldCounts = counts;
    int live = 0;
    for (int i = 0; i < oldKeys.length; i++) {
      live += oldKeys[i] != FREE && oldCounts[i] > 0 ? 1 : 0;
    }
    keys = new int[Math.max(64, Integer.highestOneBit(live) << 2)];
    counts = new int[keys.length];
    Arrays.fill(keys, FREE);
    used = 0;
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != FREE && oldCounts[i] > 0) {
        int slot = slot(oldKeys[i]);
        keys[slot] = oldKeys[i];
        counts[slot] = oldCounts[i];
        used++;
      }
    }
  }
}
