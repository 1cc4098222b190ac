package org.tokapu.text.tokenizer;

/// Which neighbours merge, and in which order: the smaller rank first. Immutable and thread-safe.
interface PairRanks {
  /// Returns the rank of merging `left` and `right`, whose units are `text[from .. to)`, or -1.
  int rank(int left, int right, byte[] text, int from, int to);

  /// Returns the id that a merge of this rank yields.
  int result(int rank);
}
