package org.tokapu.text.tokenizer;

import java.util.Arrays;

/// Spellings in a tree by chars, walked from any place of a text.
///
/// Its edges `node << 16 | char -> node` are one hash table, so that a step is one look-up whatever
/// the alphabet. Write it on one thread, then share it: reading is thread-safe.
final class PieceTrie {
  /// Where every walk begins.
  static final int ROOT = 0;

  /// No such node, no such id.
  static final int NONE = -1;

  private final LongIntMap edges = new LongIntMap(64);
  private int[] ids = {NONE};
  private int nodes = 1;

  /// Nodes after the first char, for ASCII; most walks of short tries end here.
  private final int[] first = new int[128];

  PieceTrie() {
    Arrays.fill(first, NONE);
  }

  /// Returns whether nothing was put in.
  boolean isEmpty() {
    return nodes == 1;
  }

  /// Adds a spelling; the last id of the same spelling counts.
  void put(String text, int id) {
    int node = ROOT;
    for (int i = 0; i < text.length(); i++) {
      int next = step(node, text.charAt(i));
      node = next == NONE ? grow(node, text.charAt(i)) : next;
    }
    ids[node] = id;
  }

  /// Returns the node after `c`, or [#NONE].
  int step(int node, char c) {
    if (node == ROOT && c < 128) {
      return first[c];
    }
    return edges.get((long) node << 16 | c);
  }

  /// Returns the id of the spelling that ends at a node, or [#NONE].
  int id(int node) {
    return ids[node];
  }

  /// Returns the length of the longest spelling at `from`, or 0.
  int longest(char[] text, int from, int to) {
    int best = 0;
    int node = ROOT;
    for (int at = from; at < to; at++) {
      node = step(node, text[at]);
      if (node == NONE) {
        break;
      }
      if (ids[node] != NONE) {
        best = at + 1 - from;
      }
    }
    return best;
  }

  /// Returns the id of `text[from .. to)`, or [#NONE].
  int find(char[] text, int from, int to) {
    int node = ROOT;
    for (int at = from; at < to && node != NONE; at++) {
      node = step(node, text[at]);
    }
    return node == NONE ? NONE : ids[node];
  }

  private int grow(int node, char c) {
    int created = nodes++;
    if (created == ids.length) {
      ids = Arrays.copyOf(ids, created * 2);
      Arrays.fill(ids, created, ids.length, NONE);
    }
    ids[created] = NONE;
    if (node == ROOT && c < 128) {
      first[c] = created;
      return created;
    }
    edges.put((long) node << 16 | c, created);
    return created;
  }
}
