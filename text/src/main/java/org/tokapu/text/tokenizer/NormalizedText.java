package org.tokapu.text.tokenizer;

import java.util.Arrays;

/// A text ready to be cut into pieces: chars, with spaces where pieces spell `▁`, and where each
/// char came from. Grows as it is written; confined to one call.
final class NormalizedText {
  private static final int[] NO_ORIGINS = {};

  private final boolean tracksOrigins;
  private char[] chars;
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

  /// Returns the index in the original text from which the char at `at` was made; at the length:
  /// where the text ends.
  int origin(int at) {
    return origins[at];
  }

  void clear() {
    length = 0;
  }

  void add(char c, int origin) {
    if (length == chars.length) {
      int capacity = Math.max(16, length + (length >> 1));
      chars = Arrays.copyOf(chars, capacity);
      if (tracksOrigins) {
        origins = Arrays.copyOf(origins, capacity + 1);
      }
    }
    chars[length] = c;
    if (tracksOrigins) {
      origins[length] = origin;
    }
    length++;
  }

  /// Appends `text[from .. to)` as it is; the caller may then change [#chars] in place.
  void addAll(String text, int from, int to) {
    int count = to - from;
    if (length + count > chars.length) {
      chars = Arrays.copyOf(chars, length + count);
      if (tracksOrigins) {
        origins = Arrays.copyOf(origins, length + count + 1);
      }
    }
    text.getChars(from, to, chars, length);
    if (tracksOrigins) {
      for (int i = 0; i < count; i++) {
        origins[length + i] = from + i;
      }
    }
    length += count;
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
