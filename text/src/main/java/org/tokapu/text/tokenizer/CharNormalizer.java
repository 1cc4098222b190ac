package org.tokapu.text.tokenizer;

import org.jspecify.annotations.Nullable;

/// A normalizer that looks at one character at a time.
@FunctionalInterface
interface CharNormalizer extends TextNormalizer {
  /// The lower case of `A .. Z`.
  String[] LOWER_ASCII = "abcdefghijklmnopqrstuvwxyz".split("");

  /// Returns what a character becomes, empty if it goes, or null if it stays.
  @Nullable String map(int codePoint);

  @Override
  default boolean isNormal(char[] text, int from, int to) {
    for (int i = from; i < to; i += CharClass.width(text, i, to)) {
      if (map(Character.codePointAt(text, i, to)) != null) {
        return false;
      }
    }
    return true;
  }

  @Override
  default AlignedText apply(AlignedText text) {
    String old = text.text();
    AlignedText.Builder out = null;
    int kept = 0;
    int at = 0;
    while (at < old.length()) {
      int c = old.codePointAt(at);
      int end = at + Character.charCount(c);
      String mapped = map(c);
      if (mapped != null) {
        out = out == null ? text.change() : out;
        out.keep(kept, at).add(mapped, at, end);
        kept = end;
      }
      at = end;
    }
    return out == null ? text : out.keep(kept, at).done();
  }

  /// Lower case, one character at a time: no final sigma, no language.
  static @Nullable String lower(int c) {
    if (c == 0x130) {
      return "i\u0307";
    }
    if (c < 128) {
      return c >= 'A' && c <= 'Z' ? LOWER_ASCII[c - 'A'] : null;
    }
    int lower = Character.toLowerCase(c);
    return lower == c ? null : Character.toString(lower);
  }

  /// Drops non-spacing marks.
  static @Nullable String stripAccent(int c) {
    return c >= 0x300 && Character.getType(c) == Character.NON_SPACING_MARK ? "" : null;
  }

  /// BERT's `clean_text`: control characters go, white space becomes a space.
  static @Nullable String bertClean(int c) {
    if (c >= ' ' && c <= '~') {
      return null;
    }
    if (c == '\t' || c == '\n' || c == '\r') {
      return " ";
    }
    if (c == 0 || c == 0xfffd) {
      return "";
    }
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          "";
      default -> CharClass.isWhiteSpace(c) && c != ' ' ? " " : null;
    };
  }

  /// BERT's `handle_chinese_chars`: spaces around ideographs.
  static @Nullable String bertChinese(int c) {
    if (c < 0x3400) {
      return null;
    }
    boolean ideograph =
        (c >= 0x4e00 && c <= 0x9fff)
            || (c >= 0x3400 && c <= 0x4dbf)
            || (c >= 0x20000 && c <= 0x2a6df)
            || (c >= 0x2a700 && c <= 0x2b73f)
            || (c >= 0x2b740 && c <= 0x2b81f)
            || (c >= 0x2b920 && c <= 0x2ceaf)
            || (c >= 0xf900 && c <= 0xfaff)
            || (c >= 0x2f800 && c <= 0x2fa1f);
    return ideograph ? " " + Character.toString(c) + " " : null;
  }

  /// The `Nmt` normalizer: control characters go, white space of all kinds becomes a space.
  static @Nullable String nmt(int c) {
    boolean control =
        (c >= 1 && c <= 8)
            || c == 0xb
            || (c >= 0xe && c <= 0x1f)
            || c == 0x7f
            || c == 0x8f
            || c == 0x9f;
    boolean space =
        c == 9
            || c == 0xa
            || c == 0xc
            || c == 0xd
            || c == 0x1680
            || (c >= 0x200b && c <= 0x200f)
            || c == 0x2028
            || c == 0x2029
            || c == 0x2581
            || c == 0xfeff
            || c == 0xfffd;
    return control ? "" : space ? " " : null;
  }
}
