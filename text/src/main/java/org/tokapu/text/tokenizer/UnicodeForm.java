package org.tokapu.text.tokenizer;

import java.text.Normalizer;
import java.text.Normalizer.Form;

/// Unicode normalization (NFC, NFD, NFKC, NFKD; UAX 15) that keeps track of places: a character
/// that is composed of several stands where they stood.
final class UnicodeForm implements TextNormalizer {
  private final Form form;

  UnicodeForm(Form form) {
    this.form = form;
  }

  @Override
  public boolean isNormal(char[] text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (!isPlain(text[i])) {
        return Normalizer.isNormalized(new String(text, from, to - from), form);
      }
    }
    return true;
  }

  /// Returns whether a char stays as it is in every context.
  private boolean isPlain(char c) {
    if (c < 0x80) {
      return true;
    }
    return switch (form) {
      case NFC -> c < 0x300 || isSyllable(c) || (c >= 0x4e00 && c <= 0x9fff);
      case NFKC -> isSyllable(c) || (c >= 0x4e00 && c <= 0x9fff);
      case NFD, NFKD -> c >= 0x4e00 && c <= 0x9fff;
    };
  }

  @Override
  public AlignedText apply(AlignedText text) {
    String old = text.text();
    if (isPlain(old) || Normalizer.isNormalized(old, form)) {
      return text;
    }
    AlignedText.Builder out = text.change();
    StringBuilder jamo = new StringBuilder();
    int kept = 0;
    int at = 0;
    while (at < old.length()) {
      int end = at + Character.charCount(old.codePointAt(at));
      boolean alone = end == old.length() || !mayCombine(old.codePointAt(end));
      if (alone && isPlain(old.charAt(at))) {
        at = end;
        continue;
      }
      out.keep(kept, at);
      if (alone && decomposes() && isSyllable(old.charAt(at))) {
        out.add(decomposed(old.charAt(at), jamo), at, end);
      } else {
        while (end < old.length() && mayCombine(old.codePointAt(end))) {
          end += Character.charCount(old.codePointAt(end));
        }
        group(out, old, at, end);
      }
      at = end;
      kept = end;
    }
    return out.keep(kept, at).done();
  }

  private boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!isPlain(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private boolean decomposes() {
    return form == Form.NFD || form == Form.NFKD;
  }

  private static boolean isSyllable(int c) {
    return c >= 0xac00 && c <= 0xd7a3;
  }

  /// Takes a Hangul syllable apart (The Unicode Standard, 3.12.2).
  private static StringBuilder decomposed(char syllable, StringBuilder out) {
    int index = syllable - 0xac00;
    out.setLength(0);
    out.append((char) (0x1100 + index / 588)).append((char) (0x1161 + index % 588 / 28));
    if (index % 28 > 0) {
      out.append((char) (0x11a7 + index % 28));
    }
    return out;
  }

  /// Adds the normalized form of a character and what follows it and may combine with it.
  private void group(AlignedText.Builder out, String old, int from, int to) {
    String whole = Normalizer.normalize(old.substring(from, to), form);
    StringBuilder apart = new StringBuilder();
    for (int i = from; i < to; i += Character.charCount(old.codePointAt(i))) {
      apart.append(Normalizer.normalize(Character.toString(old.codePointAt(i)), form));
    }
    if (!apart.toString().equals(whole)) {
      out.add(whole, from, to);
      return;
    }
    for (int i = from; i < to; ) {
      int next = i + Character.charCount(old.codePointAt(i));
      out.add(Normalizer.normalize(old.substring(i, next), form), i, next);
      i = next;
    }
  }

  private static boolean mayCombine(int c) {
    if (c < 0x300 || isSyllable(c)) {
      return false;
    }
    return switch (Character.getType(c)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK ->
          true;
      // Hangul vowels and finals compose with what stands before them; so do half-width ones.
      default ->
          (c >= 0x1160 && c <= 0x11ff)
              || (c >= 0xd7b0 && c <= 0xd7fb)
              || (c >= 0xff9e && c <= 0xffdc);
    };
  }
}
