package org.tokapu.engine.sampling;

import java.util.List;
import java.util.Optional;
import org.tokapu.base.TokapuException;

/// Finds stop strings in a text that comes in pieces, and holds back what may become one.
///
/// The text ends in front of the stop string that is complete first; if several are complete at the
/// same character, in front of the longest. So the result is the same however the text is cut into
/// pieces. Time is linear in the text for each string. Not thread-safe; one per text.
public final class StopStrings {
  private static final int MOST = 256;

  private final List<String> strings;
  private final List<PatternMatcher> matchers;
  private final StringBuilder held = new StringBuilder();
  private int found = -1;

  /// Looks for `strings`, none of them empty.
  public StopStrings(List<String> strings) {
    check(strings);
    this.strings = List.copyOf(strings);
    this.matchers =
        this.strings.stream().map(s -> new PatternMatcher(s.chars().toArray())).toList();
  }

  /// Checks stop strings: not empty, no half characters, not too many.
  static void check(List<String> strings) {
    Range.check("the number of stop strings", strings.size(), 0, MOST);
    for (String s : strings) {
      if (s.isEmpty()) {
        throw new TokapuException("a stop string must not be empty");
      }
      if (s.codePoints().anyMatch(c -> c >= 0xD800 && c <= 0xDFFF)) {
        throw new TokapuException("a stop string must not contain half a surrogate pair");
      }
    }
  }

  /// Takes the next piece and returns the text that is now certain to be none of a stop string.
  /// After a stop nothing comes any more.
  public String next(String piece) {
    if (found >= 0) {
      return "";
    }
    if (strings.isEmpty()) {
      return piece;
    }
    for (int i = 0; i < piece.length(); i++) {
      held.append(piece.charAt(i));
      advance(piece.charAt(i));
      if (found >= 0) {
        return release(held.length() - strings.get(found).length(), true);
      }
    }
    int pending = 0;
    for (PatternMatcher matcher : matchers) {
      pending = Math.max(pending, matcher.matched());
    }
    return release(held.length() - pending, false);
  }

  /// Ends the text and returns what was held back; nothing after a stop.
  public String finish() {
    return release(held.length(), true);
  }

  /// Returns the stop string that was met.
  public Optional<String> stop() {
    return found < 0 ? Optional.empty() : Optional.of(strings.get(found));
  }

  private String release(int length, boolean dropRest) {
    String text = held.substring(0, length);
    held.delete(0, dropRest ? held.length() : length);
    return text;
  }

  private void advance(char c) {
    for (int s = 0; s < matchers.size(); s++) {
      PatternMatcher matcher = matchers.get(s);
      boolean longer = found < 0 || matcher.length() > matchers.get(found).length();
      if (matcher.next(c) && longer) {
        found = s;
      }
    }
  }
}
