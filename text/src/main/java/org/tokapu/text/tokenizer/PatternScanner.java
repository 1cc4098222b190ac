package org.tokapu.text.tokenizer;

/// A splitter whose pattern matches everywhere: every char belongs to a word.
@FunctionalInterface
interface PatternScanner extends Splitter {
  /// Returns the end of the word that begins at `at < end`; it is greater than `at`.
  int next(char[] text, int at, int end);

  @Override
  default void split(char[] text, int from, int to, Spans out) {
    int at = from;
    while (at < to) {
      int end = next(text, at, to);
      out.add(at, end);
      at = end;
    }
  }
}
