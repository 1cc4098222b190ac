package org.tokapu.text.tokenizer;

/// Which neighbours merge, and in which order: the smaller rank first. Immutable and thread-safe,
/// but for those that belong to one text.
interface PairRanks {
  /// They do not merge; also the latest possible merge.
  long NONE = Long.MAX_VALUE;

  /// Returns `rank << 32 | id of the two together` for neighbours whose units are `text[from ..
  /// to)`, or [#NONE]. Neither id is negative.
  long merge(int left, int right, byte[] text, int from, int to);
}
