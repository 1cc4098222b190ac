package org.tokapu.text.tokenizer;

import java.util.Arrays;
import org.tokapu.text.Encoding;

/// Where the pieces of a [PieceBuffer] lie in the original text; call it after each stretch.
final class PieceSpans {
  private int[] starts = new int[64];
  private int[] ends = new int[64];
  private int size;

  /// Places the one token that was added last.
  void token(PieceBuffer pieces, int start, int end) {
    reserve(pieces.size());
    starts[size] = start;
    ends[size++] = end;
  }

  /// Places all pieces of a stretch by what its normalised chars came from.
  void plain(PieceBuffer pieces, NormalizedText text) {
    reserve(pieces.size());
    int start = 0;
    while (size < pieces.size()) {
      int end = pieces.end(size);
      starts[size] = text.origin(start);
      ends[size++] = text.origin(end);
      start = end;
    }
  }

  Encoding encoding(PieceBuffer pieces) {
    return new Encoding(pieces.ids(), Arrays.copyOf(starts, size), Arrays.copyOf(ends, size));
  }

  private void reserve(int count) {
    if (count > starts.length) {
      int capacity = Math.max(count, starts.length * 2);
      starts = Arrays.copyOf(starts, capacity);
      ends = Arrays.copyOf(ends, capacity);
    }
  }
}
