package org.tokapu.engine.sampling;

/// Looks for one sequence of symbols (chars, bytes) in a stream: the automaton of Knuth, Morris and
/// Pratt (Fast Pattern Matching in Strings, 1977), a few steps a symbol. Not thread-safe.
final class PatternMatcher {
  private final int[] pattern;

  /// For each prefix, the length of its longest proper prefix that is also its suffix.
  private final int[] failure;

  private int matched;

  /// @param pattern at least one symbol; not copied
  PatternMatcher(int[] pattern) {
    this.pattern = pattern;
    failure = new int[pattern.length];
    int m = 0;
    for (int i = 1; i < pattern.length; i++) {
      while (m > 0 && pattern[m] != pattern[i]) {
        m = failure[m - 1];
      }
      if (pattern[m] == pattern[i]) {
        m++;
      }
      failure[i] = m;
    }
  }

  /// Takes the next symbol and returns whether the pattern ends with it.
  boolean next(int symbol) {
    int m = matched;
    while (m > 0 && (m == pattern.length || pattern[m] != symbol)) {
      m = failure[m - 1];
    }
    if (pattern[m] == symbol) {
      m++;
    }
    matched = m;
    return m == pattern.length;
  }

  /// Returns how many symbols at the end of the stream are a beginning of the pattern.
  int matched() {
    return matched;
  }

  /// Returns the length of the pattern.
  int length() {
    return pattern.length;
  }

  /// Forgets the stream.
  void reset() {
    matched = 0;
  }
}
