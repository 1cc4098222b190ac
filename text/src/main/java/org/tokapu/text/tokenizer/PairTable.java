package org.tokapu.text.tokenizer;

/// Merge ranks from a list of merges: pairs of ids to rank, rank to the id that the pair becomes.
final class PairTable implements PairRanks {
  private final LongIntMap ranks;
  private final int[] results;

  /// @param lefts by rank
  /// @param rights by rank
  /// @param results by rank: the id of the two together. Of equal pairs the last counts
  PairTable(int[] lefts, int[] rights, int[] results) {
    this.ranks = new LongIntMap(lefts.length);
    this.results = results;
    for (int rank = 0; rank < lefts.length; rank++) {
      ranks.put((long) lefts[rank] << 32 | rights[rank], rank);
    }
  }

  @Override
  public int rank(int left, int right, byte[] text, int from, int to) {
    return ranks.get((long) left << 32 | right);
  }

  @Override
  public int result(int rank) {
    return results[rank];
  }
}
