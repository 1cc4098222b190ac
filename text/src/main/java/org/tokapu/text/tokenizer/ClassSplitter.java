package org.tokapu.text.tokenizer;

import java.util.function.IntPredicate;

/// Cuts at characters of a kind: white space, digits, punctuation, ...
record ClassSplitter(IntPredicate kind, SplitBehavior behavior) implements Splitter {
  /// ASCII's punctuation and Unicode's.
  static boolean isPunctuation(int c) {
    return (c >= 33 && c <= 47)
        || (c >= 58 && c <= 64)
        || (c >= 91 && c <= 96)
        || (c >= 123 && c <= 126)
        || (CharClass.of(c) & CharClass.PUNCTUATION) != 0;
  }

  static boolean isNumber(int c) {
    return (CharClass.of(c) & CharClass.NUMBER) != 0;
  }

  /// What BERT cuts at: white space, which goes, and punctuation, which stands alone.
  static Splitter bert() {
    return new ClassSplitter(CharClass::isSpace, SplitBehavior.REMOVED)
        .then(new ClassSplitter(ClassSplitter::isPunctuation, SplitBehavior.ISOLATED));
  }

  @Override
  public void split(char[] text, int from, int to, Spans out) {
    SplitBehavior.Collector words = behavior.new Collector(out);
    int at = from;
    for (int i = from; i < to; ) {
      int end = i + CharClass.width(text, i, to);
      if (kind.test(Character.codePointAt(text, i, to))) {
        words.add(at, i, false);
        words.add(i, end, true);
        at = end;
      }
      i = end;
    }
    words.add(at, to, false);
    words.done();
  }
}
