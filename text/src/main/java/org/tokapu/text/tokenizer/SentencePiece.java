package org.tokapu.text.tokenizer;

/// One entry of a SentencePiece vocabulary.
///
/// @param text the spelling, spaces as `▁` (U+2581); a byte piece is spelled `<0xED>`
/// @param score log-probability (Unigram) or priority of the merge (BPE): higher is better
public record SentencePiece(String text, float score, Kind kind) {
  /// What a piece is for; the numbers are those of `sentencepiece_model.proto` and of GGUF.
  public enum Kind {
    /// An ordinary piece of text.
    NORMAL(1),
    /// What stands for text that has no piece.
    UNKNOWN(2),
    /// A mark such as `<s>` that plain text never produces.
    CONTROL(3),
    /// A symbol that is always taken whole wherever a text spells it.
    USER_DEFINED(4),
    /// A piece that is never the result: it is split again into what it was merged from.
    UNUSED(5),
    /// One of the 256 bytes, for text that has no piece.
    BYTE(6);

    private final int number;

    Kind(int number) {
      this.number = number;
    }

    /// Returns the number that files use.
    public int number() {
      return number;
    }

    /// Returns the type with this number; unknown numbers are UNUSED, so that nothing produces
    /// them.
    public static Kind of(long number) {
      for (Kind kind : values()) {
        if (kind.number == number) {
          return kind;
        }
      }
      return UNUSED;
    }
  }

  /// Returns the byte that a spelling `<0xED>` names, or -1.
  public static int byteOf(String text) {
    if (text.length() != 6 || !text.startsWith("<0x") || text.charAt(5) != '>') {
      return -1;
    }
    int high = hex(text.charAt(3));
    int low = hex(text.charAt(4));
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }

  private static int hex(char c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
  }
}
