package org.tokapu.text.tokenizer;

import java.util.Arrays;

/// Spellings in a tree by chars, walked from any place of a text.
///
/// A hash table of edges `node << 16 | char -> node`, so that a step is one look-up whatever the
/// alphabet. Write it on one thread, then share it: reading is thread-safe.
final class PieceTrie {
  /// Where every walk begins.
  static final int ROOT = 0;

  /// No such node, no such id.
  static final int NONE = -1;

  private long[] edges = new long[64];
  private int[] targets = new int[64];
  private int mask = 63;
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
    // 0 is no edge: the edge of the root with char 0 is answered above.
    long edge = (long) node << 16 | c;
    int slot = hash(edge) & mask;
    while (true) {
      long found = edges[slot];
      if (found == edge) {
        return targets[slot];
      }
      if (found == 0) {
        return NONE;
      }
      slot = slot + 1 & mask;
    }
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
    if (nodes * 2 > edges.length) {
      rehash();
    }
    insert((long) node << 16 | c, created);
    return created;
  }

  private void rehash() {
    long[] oldEdges = edges;
    int[] oldTargets = targets;
    edges = new long[oldEdges.length * 2];
    targets = new int[edges.length];
    mask = edges.length - 1;
    for (int i = 0; i < oldEdges.length; i++) {
      if (oldEdges[i] != 0) {
        insert(oldEdges[i], oldTargets[i]);
      }
    }
  }

  private void insert(long edge, int target) {
    int slot = hash(edge) & mask;
    while (edges[slot] != 0) {
      slot = slot + 1 & mask;
    }
    edges[slot] = edge;
    targets[slot] = target;
  }

  private static int hash(long edge) {
    long mixed = edge * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 40 ^ mixed >>> 20);
  }
}
