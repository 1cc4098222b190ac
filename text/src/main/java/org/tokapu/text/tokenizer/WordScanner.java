package org.tokapu.text.tokenizer;

/// Steps from word to word of a normalised text. A word ends where no piece of the vocabulary ever
/// lies across, so what is before and what is behind are cut independently; chars that are in no
/// piece are words of their own. Confined to one call.
final class WordScanner {
  private final PieceVocabulary vocabulary;
  private final char[] text;
  private final int length;
  private int start;
  private int end;
  private int hash;

  WordScanner(PieceVocabulary vocabulary, NormalizedText text) {
    this.vocabulary = vocabulary;
    this.text = text.chars();
    this.length = text.length();
  }

  /// Steps to the next word; returns whether there is one.
  boolean next() {
    start = end;
    if (start == length) {
      return false;
    }
    char before = text[start];
    int h = WordCache.hash(WordCache.SEED, before);
    int at = start + 1;
    for (; at < length; at++) {
      char c = text[at];
      if (vocabulary.parts(before, c)) {
        break;
      }
      h = WordCache.hash(h, c);
      before = c;
    }
    end = at;
    hash = h;
    return true;
  }

  /// Returns whether the word has no char that is in a piece: each is an unknown one.
  boolean isOutside() {
    return vocabulary.isOutside(text[start]);
  }

  int start() {
    return start;
  }

  int end() {
    return end;
  }

  int hash() {
    return hash;
  }

  /// Returns whether the word is short enough to be remembered.
  boolean isShort() {
    return end - start <= WordCache.LONGEST;
  }
}
