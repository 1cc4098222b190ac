package org.tokapu.text.tokenizer;

import java.util.Arrays;

/// A text ready to be cut into pieces: chars, with spaces where pieces spell `▁`, and where each
/// char came from. Grows as it is written; confined to one call.
final class NormalizedText {
  private static final int[] NO_ORIGINS = {};

  private final boolean tracksOrigins;
  private char[] chars;
  private char[] original = {};
  private int[] origins;
  private int length;

  NormalizedText(int capacity, boolean tracksOrigins) {
    this.tracksOrigins = tracksOrigins;
    chars = new char[capacity];
    origins = tracksOrigins ? new int[capacity + 1] : NO_ORIGINS;
  }

  char[] chars() {
    return chars;
  }

  int length() {
    return length;
  }

  /// Returns an array of at least `length` chars for a text that is yet to be normalised.
  char[] original(int length) {
    if (original.length < length) {
      original = new char[length];
    }
    return original;
  }

  /// Returns the index in the original text from which the char at `at` was made; at the length:
  /// where the text ends.
  int origin(int at) {
    return origins[at];
  }

  void clear() {
    length = 0;
  }

  void add(char c, int origin) {
    reserve(1);
    chars[length] = c;
    if (tracksOrigins) {
      origins[length] = origin;
    }
    length++;
  }

  /// Appends `text[from .. to)` as it is; the caller may then change [#chars] in place.
  void addAll(String text, int from, int to) {
    int count = to - from;
    reserve(count);
    text.getChars(from, to, chars, length);
    track(count, from);
    length += count;
  }

  /// Appends `from[start .. end)`, whose first char came from `origin` and so on.
  void addAll(char[] from, int start, int end, int origin) {
    int count = end - start;
    reserve(count);
    System.arraycopy(from, start, chars, length, count);
    track(count, origin);
    length += count;
  }

  private void reserve(int count) {
    if (length + count > chars.length) {
      int capacity = Math.max(16 + length + count, length + (length >> 1));
      chars = Arrays.copyOf(chars, capacity);
      if (tracksOrigins) {
        origins = Arrays.copyOf(origins, capacity + 1);
      }
    }
  }

  private void track(int count, int origin) {
    if (tracksOrigins) {
      for (int i = 0; i < count; i++) {
        origins[length + i] = origin + i;
      }
    }
  }

  /// Takes the last char away and returns where it came from.
  int removeLast(int otherwise) {
    length--;
    return tracksOrigins ? origins[length] : otherwise;
  }

  /// Says where the text ends in the original.
  void end(int origin) {
    if (tracksOrigins) {
      origins[length] = origin;
    }
  }
}
