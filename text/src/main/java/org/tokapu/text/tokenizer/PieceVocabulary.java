package org.tokapu.text.tokenizer;

import java.util.Arrays;
import org.tokapu.text.tokenizer.SentencePiece.Kind;

/// A vocabulary as the segmenters use it: spellings with plain spaces, byte ids, and the places
/// where no piece ever lies across. Immutable and thread-safe.
final class PieceVocabulary {
  private final SentencePieceModel model;
  private final String[] texts;
  private final int[] byteIds = new int[256];

  /// `a << 7 | b`: whether some piece has the ASCII chars `a`, `b` side by side. Letters and digits
  /// count as joined in any case, so that a small vocabulary does not make words of single letters.
  private final boolean[] joined = new boolean[1 << 14];

  /// By char: whether some piece has this char before a space.
  private final boolean[] beforeSpace = new boolean[0x10000];

  /// By char: whether it is in no piece at all. ASCII and surrogates never count as such.
  private final boolean[] outside = new boolean[0x10000];

  PieceVocabulary(SentencePieceModel model) {
    this.model = model;
    this.texts = new String[model.pieces().size()];
    Arrays.fill(byteIds, model.ids().unknown());
    joinAlphanumerics();
    Arrays.fill(outside, 0x80, outside.length, true);
    Arrays.fill(outside, Character.MIN_SURROGATE, Character.MAX_SURROGATE + 1, false);
    boolean escapes = model.normalizer().escapeWhitespaces();
    for (int id = 0; id < texts.length; id++) {
      SentencePiece piece = model.pieces().get(id);
      texts[id] = escapes ? piece.text().replace('\u2581', ' ') : piece.text();
      if (piece.kind() == Kind.BYTE) {
        byteIds[SentencePiece.byteOf(piece.text())] = id;
      } else if (inText(id)) {
        join(texts[id]);
      }
    }
  }

  private void joinAlphanumerics() {
    for (int a = '0'; a <= 'z'; a++) {
      for (int b = '0'; b <= 'z'; b++) {
        joined[a << 7 | b] = Character.isLetterOrDigit(a) && Character.isLetterOrDigit(b);
      }
    }
  }

  private void join(String text) {
    for (int i = 0; i < text.length(); i++) {
      outside[text.charAt(i)] = false;
    }
    for (int i = 1; i < text.length(); i++) {
      char a = text.charAt(i - 1);
      char b = text.charAt(i);
      if ((a | b) < 128) {
        joined[a << 7 | b] = true;
      }
      if (b == ' ') {
        beforeSpace[a] = true;
      }
    }
  }

  /// Returns the number of ids.
  int size() {
    return texts.length;
  }

  Kind kind(int id) {
    return model.pieces().get(id).kind();
  }

  float score(int id) {
    return model.pieces().get(id).score();
  }

  /// Returns the spelling, with a plain space for `▁` where the model escapes.
  String text(int id) {
    return texts[id];
  }

  /// Returns how many bytes the spelling in the model takes.
  int utf8Length(int id) {
    return model.pieces().get(id).text().codePoints().map(Utf8Chars::bytes).sum();
  }

  /// Returns whether plain text may contain this piece: it has no other meaning, and can be spelled
  /// (where spaces are escaped, a piece with a plain space cannot).
  boolean inText(int id) {
    boolean plain =
        switch (kind(id)) {
          case NORMAL, USER_DEFINED, UNUSED -> true;
          case UNKNOWN, CONTROL, BYTE -> false;
        };
    return plain
        && !(model.normalizer().escapeWhitespaces()
            && model.pieces().get(id).text().indexOf(' ') >= 0);
  }

  boolean byteFallback() {
    return model.byteFallback();
  }

  int byteId(int value) {
    return byteIds[value];
  }

  int unknown() {
    return model.ids().unknown();
  }

  /// Returns the user-defined symbols.
  ///
  /// @param escaped with their plain spaces, else as the model spells them
  PieceTrie userDefined(boolean escaped) {
    PieceTrie trie = new PieceTrie();
    for (int id = 0; id < texts.length; id++) {
      if (kind(id) == Kind.USER_DEFINED && (!escaped || inText(id))) {
        trie.put(escaped ? texts[id] : model.pieces().get(id).text(), id);
      }
    }
    return trie;
  }

  /// Returns whether a word ends between two neighbouring chars: no piece lies across them.
  boolean parts(char before, char c) {
    return (before | c) < 128
        ? !joined[before << 7 | c]
        : outside[before] != outside[c] || (c == ' ' && !beforeSpace[before]);
  }

  /// Returns whether a char is in no piece at all, and so are all of its word.
  boolean isOutside(char c) {
    return outside[c];
  }
}
