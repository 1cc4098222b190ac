package org.tokapu.text.tokenizer;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Cuts by a regular expression: the way for patterns that have no scanner of their own.
///
/// @param inverted whether the matches count as what lies between, and the other way round
record RegexSplitter(Pattern pattern, SplitBehavior behavior, boolean inverted)
    implements Splitter {

  @Override
  public void split(char[] text, int from, int to, Spans out) {
    Matcher matcher = pattern.matcher(RegexSyntax.bounded(new String(text, from, to - from)));
    SplitBehavior.Collector words = behavior.new Collector(out);
    int at = 0;
    while (matcher.find()) {
      if (matcher.end() > matcher.start()) {
        words.add(from + at, from + matcher.start(), inverted);
        words.add(from + matcher.start(), from + matcher.end(), !inverted);
        at = matcher.end();
      }
    }
    words.add(from + at, to, inverted);
    words.done();
  }
}
