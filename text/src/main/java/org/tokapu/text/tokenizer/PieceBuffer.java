package org.tokapu.text.tokenizer;

import java.util.Arrays;

/// Ids as they are found, each with the index after its last char. Confined to one call.
///
/// A run of unknown pieces becomes one. Text without a piece becomes byte ids where there are such.
final class PieceBuffer {
  private final PieceVocabulary vocabulary;
  private final boolean tracksEnds;
  private int[] ids;
  private int[] ends;
  private int size;
  private boolean afterUnknown;

  /// @param tracksEnds whether [#end] will be asked for
  PieceBuffer(PieceVocabulary vocabulary, int capacity, boolean tracksEnds) {
    this.vocabulary = vocabulary;
    this.tracksEnds = tracksEnds;
    ids = new int[capacity];
    ends = new int[tracksEnds ? capacity : 0];
  }

  int size() {
    return size;
  }

  int id(int index) {
    return ids[index];
  }

  int end(int index) {
    return ends[index];
  }

  int[] ids() {
    return Arrays.copyOf(ids, size);
  }

  void clear() {
    size = 0;
    afterUnknown = false;
  }

  /// Ends a run of unknown pieces: another text begins.
  void breakRun() {
    afterUnknown = false;
  }

  void add(int id, int end) {
    afterUnknown = false;
    append(id, end);
  }

  /// Adds one character that has no piece.
  void addUnknown(int codePoint, int end) {
    if (vocabulary.byteFallback()) {
      int length = Utf8Chars.bytes(codePoint);
      for (int i = 0; i < length; i++) {
        append(vocabulary.byteId(Utf8Chars.byteAt(codePoint, i)), end);
      }
    } else if (afterUnknown) {
      extend(end);
    } else {
      append(vocabulary.unknown(), end);
      afterUnknown = true;
    }
  }

  /// Adds the characters `text[from .. to)`, none of which has a piece or is a surrogate.
  void addUnknowns(char[] text, int from, int to) {
    for (int at = from; at < to; at++) {
      addUnknown(text[at], at + 1);
    }
  }

  /// Adds the pieces of a remembered word that begins at `start`.
  void addAll(int[] word, int start) {
    int first = WordCache.firstPiece(word);
    int count = WordCache.pieces(word);
    if (afterUnknown && WordCache.id(word[first]) == vocabulary.unknown()) {
      extend(start + WordCache.end(word[first]));
      first++;
      count--;
    }
    ensure(count);
    for (int i = 0; i < count; i++) {
      ids[size + i] = WordCache.id(word[first + i]);
    }
    if (tracksEnds) {
      for (int i = 0; i < count; i++) {
        ends[size + i] = start + WordCache.end(word[first + i]);
      }
    }
    size += count;
    afterUnknown = WordCache.endsUnknown(word);
  }

  private void extend(int end) {
    if (tracksEnds) {
      ends[size - 1] = end;
    }
  }

  /// Returns whether the last piece is an unknown one.
  boolean endsUnknown() {
    return afterUnknown;
  }

  private void append(int id, int end) {
    ensure(1);
    ids[size] = id;
    if (tracksEnds) {
      ends[size] = end;
    }
    size++;
  }

  private void ensure(int more) {
    if (size + more > ids.length) {
      int capacity = Math.max(size + more, size + (size >> 1) + 16);
      ids = Arrays.copyOf(ids, capacity);
      ends = tracksEnds ? Arrays.copyOf(ends, capacity) : ends;
    }
  }
}
