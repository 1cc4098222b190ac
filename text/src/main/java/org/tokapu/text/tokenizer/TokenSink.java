package org.tokapu.text.tokenizer;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.tokapu.text.Encoding;

/// Collects the tokens of one text, and their places if somebody wants them. Not thread-safe.
final class TokenSink {
  private int[] ids = new int[64];
  private int size;
  private int @Nullable [] starts;
  private int @Nullable [] ends;
  private int lastEnd;

  /// Where the chars of the text in hand come from, or null: they are the text itself.
  private @Nullable AlignedText aligned;

  /// @param offsets whether places are recorded
  TokenSink(boolean offsets) {
    if (offsets) {
      starts = new int[64];
      ends = new int[64];
    }
  }

  /// Returns whether places are recorded; if not, [#add(int)] will do.
  boolean wantsOffsets() {
    return starts != null;
  }

  /// From now on places are counted in `text`, or in the original text if it is null.
  void countIn(@Nullable AlignedText text) {
    aligned = text;
  }

  /// Adds a token without a place.
  void add(int id) {
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, size * 2);
    }
    ids[size++] = id;
  }

  /// Adds the tokens of one word without places.
  void addAll(int[] more) {
    if (size + more.length > ids.length) {
      ids = Arrays.copyOf(ids, Math.max(size * 2, size + more.length));
    }
    for (int id : more) {
      ids[size++] = id;
    }
  }

  /// Adds a token that spells, wholly or in part, the chars `start .. end`.
  ///
  /// A char that an earlier token has counted is not counted again.
  void add(int id, int start, int end) {
    int[] s = starts;
    int[] e = ends;
    if (s != null && e != null) {
      if (size >= s.length) {
        s = Arrays.copyOf(s, size * 2);
        e = Arrays.copyOf(e, size * 2);
        starts = s;
        ends = e;
      }
      AlignedText text = aligned;
      int from = Math.max(lastEnd, text == null ? start : text.originalStart(start));
      int to = Math.max(from, text == null ? end : text.originalEnd(end));
      s[size] = from;
      e[size] = to;
      lastEnd = to;
    }
    add(id);
  }

  int size() {
    return size;
  }

  int[] ids() {
    return Arrays.copyOf(ids, size);
  }

  Encoding encoding() {
    if (starts == null || ends == null) {
      throw new IllegalStateException("places were not recorded");
    }
    return new Encoding(ids(), Arrays.copyOf(starts, size), Arrays.copyOf(ends, size));
  }
}
