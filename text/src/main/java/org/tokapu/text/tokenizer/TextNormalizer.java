package org.tokapu.text.tokenizer;

/// Brings a text into the form that a tokenizer was trained on. Immutable and thread-safe.
interface TextNormalizer {
  /// Returns the normalized text, which still knows where its chars come from.
  AlignedText apply(AlignedText text);

  /// Returns whether `text[from .. to)` is certain to stay as it is; `false` is always right.
  default boolean isNormal(char[] text, int from, int to) {
    return false;
  }

  /// Returns this one followed by `next`.
  default TextNormalizer then(TextNormalizer next) {
    TextNormalizer self = this;
    return new TextNormalizer() {
      @Override
      public AlignedText apply(AlignedText text) {
        return next.apply(self.apply(text));
      }

      @Override
      public boolean isNormal(char[] text, int from, int to) {
        return self.isNormal(text, from, to) && next.isNormal(text, from, to);
      }
    };
  }
}
