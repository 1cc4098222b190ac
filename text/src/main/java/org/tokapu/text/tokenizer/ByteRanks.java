package org.tokapu.text.tokenizer;

/// Merge ranks as tiktoken means them: two neighbours merge if their bytes together are a piece,
/// and the piece's id is the rank.
final class ByteRanks implements PairRanks {
  private final PieceTable pieces;

  ByteRanks(PieceTable pieces) {
    this.pieces = pieces;
  }

  @Override
  public long merge(int left, int right, byte[] text, int from, int to) {
    int id = to - from > pieces.longest() ? -1 : pieces.find(text, from, to);
    return id < 0 ? NONE : (long) id << 32 | id;
  }
}
