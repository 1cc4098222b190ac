package org.tokapu.text.chat.jinja;

/// What one rendering may use: work, memory and nesting. A template that wants more is stopped.
///
/// The bounds grow with the conversation, so that long ones render and a template cannot turn a
/// short one into a long run. Not thread-safe; one per rendering.
final class Budget {
  private static final long STEPS = 10_000_000;
  private static final long CHARS = 24_000_000;
  private static final long PER_CHAR = 64;
  private static final int NESTING = 1_000;

  /// Chars that one step can copy or compare.
  private static final int CHARS_PER_STEP = 64;

  private long steps;
  private long chars;
  private int nesting;

  /// @param input chars of the conversation
  Budget(long input) {
    steps = STEPS + PER_CHAR * input;
    chars = CHARS + PER_CHAR * input;
  }

  /// Takes one step.
  void step() {
    if (--steps < 0) {
      throw stopped("takes too many steps");
    }
  }

  /// Takes `n` steps.
  void steps(long n) {
    steps -= n;
    if (n < 0 || steps < 0) {
      throw stopped("takes too many steps");
    }
  }

  /// Pays for reading `n` chars.
  void scan(long n) {
    steps(n / CHARS_PER_STEP);
  }

  /// Pays for a search of `needle` chars in `hay` chars, at its worst.
  void search(int hay, int needle) {
    scan(Math.max(hay, (long) Math.max(0, hay - needle) * needle / 2));
  }

  /// Pays for `n` new chars.
  void chars(long n) {
    chars -= n;
    if (n < 0 || chars < 0) {
      throw stopped("makes too much text");
    }
    scan(n);
  }

  /// Pays for a list or mapping of `n` items.
  void items(long n) {
    chars(Math.multiplyHigh(n, 16) != 0 ? Long.MAX_VALUE : n * 16);
    steps(n);
  }

  /// Goes `levels` deeper; [#leave] comes back.
  void enter(int levels) {
    nesting += levels;
    if (nesting > NESTING) {
      throw stopped("calls itself too deeply");
    }
  }

  void leave(int levels) {
    nesting -= levels;
  }

  private static Failure stopped(String what) {
    return new Failure("the template " + what + "; it was stopped");
  }
}
