package org.tokapu.engine.sampling;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntFunction;
import org.tokapu.text.Tokenizer;

/// Texts over which no repetition reaches, for [Dry].
///
/// A text breaks wherever it occurs, also inside a token or across tokens; tokens are compared by
/// their bytes, so it does not matter how a tokenizer would spell it. (llama.cpp compares token
/// sequences, which agrees for texts of one token.) Immutable and thread-safe.
final class SequenceBreakers {
  /// Nothing breaks.
  static final SequenceBreakers NONE = new SequenceBreakers(0, id -> new byte[0], List.of());

  private final IntFunction<byte[]> bytes;
  private final List<byte[]> texts;

  /// The tokens that contain a whole breaker.
  private final BitSet alone = new BitSet();

  /// @param bytes what each id below `vocabulary` stands for
  SequenceBreakers(int vocabulary, IntFunction<byte[]> bytes, List<byte[]> texts) {
    this.bytes = bytes;
    this.texts = List.copyOf(texts);
    List<PatternMatcher> matchers = matchers();
    for (int id = 0; id < vocabulary && !texts.isEmpty(); id++) {
      matchers.forEach(PatternMatcher::reset);
      if (contains(matchers, bytes.apply(id))) {
        alone.set(id);
      }
    }
  }

  /// Looks for `texts` in the tokens of a vocabulary.
  static SequenceBreakers of(Tokenizer tokenizer, List<String> texts) {
    int size = tokenizer.vocabularySize();
    return new SequenceBreakers(
        size,
        id -> id < size ? tokenizer.bytes(id) : new byte[0],
        texts.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList());
  }

  private List<PatternMatcher> matchers() {
    List<PatternMatcher> matchers = new ArrayList<>();
    for (byte[] text : texts) {
      int[] symbols = new int[text.length];
      for (int i = 0; i < text.length; i++) {
        symbols[i] = text[i];
      }
      matchers.add(new PatternMatcher(symbols));
    }
    return matchers;
  }

  private static boolean contains(List<PatternMatcher> matchers, byte[] token) {
    boolean found = false;
    for (byte b : token) {
      for (PatternMatcher matcher : matchers) {
        found |= matcher.next(b);
      }
    }
    return found;
  }

  /// Returns whether this token alone breaks.
  boolean breaksAlone(int id) {
    return alone.get(id);
  }

  /// Starts to look for breaks in a history.
  Tracker track() {
    return new Tracker(this);
  }

  /// Follows a history as it grows. Not thread-safe.
  static final class Tracker {
    private final SequenceBreakers breakers;
    private final List<PatternMatcher> matchers;
    private int seen;
    private int afterBreak;

    private Tracker(SequenceBreakers breakers) {
      this.breakers = breakers;
      this.matchers = breakers.matchers();
    }

    /// Returns how many tokens at the end of `history` stand behind the one in which the last
    /// breaker ends; all, if there is none.
    int tokensSinceBreak(TokenHistory history) {
      if (history.length() < seen) {
        matchers.forEach(PatternMatcher::reset);
        seen = 0;
        afterBreak = 0;
      }
      while (seen < history.length()) {
        byte[] token = matchers.isEmpty() ? new byte[0] : breakers.bytes.apply(history.token(seen));
        seen++;
        if (contains(matchers, token)) {
          afterBreak = seen;
        }
      }
      return history.length() - afterBreak;
    }
  }
}
