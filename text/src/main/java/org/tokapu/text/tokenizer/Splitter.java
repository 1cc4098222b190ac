package org.tokapu.text.tokenizer;

import java.util.function.Consumer;

/// A pre-tokenizer that cuts and changes nothing, so that it works on the chars of the text
/// themselves.
interface Splitter extends PreTokenizer {
  /// Takes a word, `start < end`.
  @FunctionalInterface
  interface Spans {
    void add(int start, int end);
  }

  /// Hands the words of `text[from .. to)` to `out`, in order; what is in no word is dropped.
  void split(char[] text, int from, int to, Spans out);

  /// Returns the splitter that cuts what this one has cut once more.
  default Splitter then(Splitter finer) {
    return (text, from, to, out) ->
        split(text, from, to, (start, end) -> finer.split(text, start, end, out));
  }

  @Override
  default void apply(AlignedText text, Consumer<AlignedText> out) {
    char[] chars = text.text().toCharArray();
    split(chars, 0, chars.length, (start, end) -> out.accept(text.slice(start, end)));
  }
}
