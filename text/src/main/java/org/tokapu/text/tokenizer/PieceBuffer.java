package org.tokapu.text.tokenizer;

import java.util.Arrays;

/// Ids as they are found, each with the index after its last char. Confined to one call.
///
/// A run of unknown pieces becomes one. Text without a piece becomes byte ids where there are such.
final class PieceBuffer {
  private final PieceVocabulary vocabulary;
  private int[] ids;
  private int[] ends;
  private int size;
  private boolean afterUnknown;

  PieceBuffer(PieceVocabulary vocabulary, int capacity) {
    this.vocabulary = vocabulary;
    ids = new int[capacity];
    ends = new int[capacity];
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
      ends[size - 1] = end;
    } else {
      append(vocabulary.unknown(), end);
      afterUnknown = true;
    }
  }

  /// Adds the pieces of a word that begins at `start`.
  void addAll(WordCache.Word word, int start) {
    int[] from = word.ids();
    int first = 0;
    if (afterUnknown && from[0] == vocabulary.unknown()) {
      ends[size - 1] = start + word.ends()[0];
      first = 1;
    }
    int count = from.length - first;
    ensure(count);
    for (int i = 0; i < count; i++) {
      ids[size + i] = from[first + i];
      ends[size + i] = start + word.ends()[first + i];
    }
    size += count;
    afterUnknown = word.endsUnknown();
  }

  /// Returns whether the last piece is an unknown one.
  boolean endsUnknown() {
    return afterUnknown;
  }

  private void append(int id, int end) {
    ensure(1);
    ids[size] = id;
    ends[size++] = end;
  }

  private void ensure(int more) {
    if (size + more > ids.length) {
      int capacity = Math.max(size + more, size + (size >> 1) + 16);
      ids = Arrays.copyOf(ids, capacity);
      ends = Arrays.copyOf(ends, capacity);
    }
  }
}
