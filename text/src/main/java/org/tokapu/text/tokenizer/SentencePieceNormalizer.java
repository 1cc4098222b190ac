package org.tokapu.text.tokenizer;

import org.jspecify.annotations.Nullable;
import org.tokapu.text.tokenizer.SentencePieceModel.Normalization;

/// What a SentencePiece model does to a text before it cuts it: compiled rules (NFKC and the like),
/// white space trimmed and joined, a dummy prefix, spaces escaped.
///
/// Inside, the escaped space is a plain space: pieces have their `▁` turned into one as well, and a
/// `▁` of the text becomes one. Unpaired surrogates become U+FFFD. Immutable and thread-safe.
public final class SentencePieceNormalizer {
  private static final char ESCAPED = '\u2581';
  private static final char REPLACEMENT = '\ufffd';

  private final Normalization rules;
  private final @Nullable CharsMap charsMap;

  /// Symbols that the rules leave alone.
  private final PieceTrie untouched;

  /// @param source the file, for messages
  /// @param untouched user-defined symbols, as the model spells them
  SentencePieceNormalizer(Normalization rules, PieceTrie untouched, String source) {
    this.rules = rules;
    this.charsMap = rules.charsMap().length == 0 ? null : new CharsMap(rules.charsMap(), source);
    this.untouched = untouched;
  }

  /// Returns the normalised text as SentencePiece spells it, for display.
  public String normalize(String text) {
    NormalizedText out = new NormalizedText(text.length() + 1, false);
    normalize(text, 0, text.length(), true, out);
    String plain = new String(out.chars(), 0, out.length());
    return rules.escapeWhitespaces() ? plain.replace(' ', ESCAPED) : plain;
  }

  /// Replaces `out` by the normalised `text[from .. to)`.
  ///
  /// @param first whether this stretch gets the dummy prefix, if the model has one
  void normalize(String text, int from, int to, boolean first, NormalizedText out) {
    out.clear();
    boolean dummy = first && rules.addDummyPrefix();
    if (from == to) {
      out.end(to);
    } else if (charsMap == null && !rules.removeExtraWhitespaces()) {
      copy(text, from, to, dummy, out);
    } else {
      new Run(text, from, to, out).normalize(dummy);
    }
  }

  /// The fast way of models without rules: LLaMA, Mistral, Gemma.
  private void copy(String text, int from, int to, boolean dummy, NormalizedText out) {
    if (dummy && !rules.spaceAsSuffix()) {
      out.add(' ', from);
    }
    int start = out.length();
    out.addAll(text, from, to);
    char[] chars = out.chars();
    int end = out.length();
    for (int i = start; i < end; i++) {
      if (chars[i] >= ESCAPED) {
        if (chars[i] == ESCAPED) {
          chars[i] = rules.escapeWhitespaces() ? ' ' : ESCAPED;
        } else if (Character.isSurrogate(chars[i])) {
          i += repair(chars, i, end);
        }
      }
    }
    if (dummy && rules.spaceAsSuffix()) {
      out.add(' ', to);
    }
    out.end(to);
  }

  /// Replaces an unpaired surrogate; returns 1 if a pair begins at `i`, else 0.
  private static int repair(char[] chars, int i, int end) {
    if (Character.isHighSurrogate(chars[i])
        && i + 1 < end
        && Character.isLowSurrogate(chars[i + 1])) {
      return 1;
    }
    chars[i] = REPLACEMENT;
    return 0;
  }

  /// One text on its way through all the rules.
  private final class Run {
    /// The text, `[0 .. length)`.
    private final char[] in;

    private final int length;
    private final int offset;
    private final NormalizedText out;

    /// What the last step read as: chars of `source`.
    private char[] source;

    private int start;
    private int end;

    Run(String text, int from, int to, NormalizedText out) {
      this.length = to - from;
      this.in = out.original(length);
      text.getChars(from, to, in, 0);
      this.offset = from;
      this.out = out;
      this.source = in;
      for (int i = 0; i < length; i++) {
        if (Character.isSurrogate(in[i])) {
          i += repair(in, i, length);
        }
      }
    }

    void normalize(boolean dummy) {
      boolean trims = rules.removeExtraWhitespaces();
      int at = 0;
      while (trims && at < length) {
        int width = step(at);
        if (end - start != 1 || source[start] != ' ') {
          break;
        }
        at += width;
      }
      if (at == length) {
        out.end(offset + at);
        return;
      }
      if (dummy && !rules.spaceAsSuffix()) {
        out.add(' ', offset + at);
      }
      int finish = trims ? trim(body(at, true)) : body(at, false);
      if (dummy && rules.spaceAsSuffix()) {
        out.add(' ', offset + finish);
      }
      out.end(offset + finish);
    }

    private int body(int from, boolean trims) {
      boolean afterSpace = trims;
      int at = from;
      while (at < length) {
        int plain = plain(at, afterSpace, trims);
        if (plain > at) {
          out.addAll(in, at, plain, offset + at);
          afterSpace = trims && in[plain - 1] == ' ';
          at = plain;
          continue;
        }
        int width = step(at);
        while (afterSpace && start < end && source[start] == ' ') {
          start++;
        }
        if (start < end) {
          for (int i = start; i < end; i++) {
            char c = source[i];
            out.add(c == ESCAPED && rules.escapeWhitespaces() ? ' ' : c, offset + at);
          }
          afterSpace = trims && source[end - 1] == ' ';
        }
        at += width;
      }
      return at;
    }

    /// Returns up to where from `at` on the text is sure to stay as it is.
    private int plain(int from, boolean spaceBefore, boolean trims) {
      if (!untouched.isEmpty()) {
        return from;
      }
      boolean afterSpace = spaceBefore;
      int at = from;
      for (; at < length; at++) {
        char c = in[at];
        boolean space = trims && c == ' ';
        if ((space && afterSpace)
            || c == ESCAPED
            || Character.isSurrogate(c)
            || (charsMap != null && !charsMap.isPlain(in, at, length))) {
          break;
        }
        afterSpace = space;
      }
      return at;
    }

    /// Drops spaces at the end; returns where the text now ends.
    private int trim(int consumed) {
      int finish = consumed;
      while (out.length() > 0 && out.chars()[out.length() - 1] == ' ') {
        finish = out.removeLast(offset + finish) - offset;
      }
      return finish;
    }

    /// Reads one step at `at`: a user-defined symbol, a rule, or a character; returns its width.
    private int step(int at) {
      int symbol = untouched.longest(in, at, length);
      if (symbol > 0) {
        return take(at, symbol);
      }
      char c = in[at];
      if (charsMap != null && charsMap.concerns(c)) {
        long match = charsMap.match(in, at, length);
        if (match != 0) {
          source = charsMap.replacements();
          start = (int) match;
          end = start;
          while (source[end] != 0) {
            end++;
          }
          return (int) (match >>> 32);
        }
      }
      return take(at, Character.isHighSurrogate(c) ? 2 : 1);
    }

    private int take(int at, int width) {
      source = in;
      start = at;
      end = at + width;
      return width;
    }
  }
}
