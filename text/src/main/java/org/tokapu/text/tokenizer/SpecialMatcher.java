package org.tokapu.text.tokenizer;

import java.util.Arrays;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.tokapu.text.SpecialScope;

/// Finds added and special tokens in a text: the leftmost, and of several at one place the longest.
///
/// A special token where its scope does not allow it counts as absent, so a shorter one may be
/// found at the same place. Immutable and thread-safe; a search is linear in the text but for the
/// length of the longest token. Semantics of the flags: `AddedVocabulary` of Hugging Face
/// tokenizers.
final class SpecialMatcher {
  private final AddedToken[] tokens;
  private final boolean onlySpecial;

  /// Bit `c` is set if a token begins with char `c`.
  private final long[] first = new long[1024];

  /// The char that all tokens begin with, or -1.
  private final int onlyFirst;

  /// Trie edges: `node << 16 | char` to the next node.
  private final LongIntMap edges = new LongIntMap(64);

  /// Index into `tokens` by node, or -1.
  private final int[] tokenAt;

  /// A place in the text where a token stands.
  ///
  /// @param start first char, white space that the token takes along included
  /// @param end after the last char, white space included
  record Match(int start, int end, AddedToken token) {}

  SpecialMatcher(Collection<AddedToken> added) {
    tokens = added.stream().filter(t -> !t.text().isEmpty()).toArray(AddedToken[]::new);
    int nodes = 1;
    boolean special = true;
    int begin = tokens.length == 0 ? -1 : tokens[0].text().charAt(0);
    for (AddedToken token : tokens) {
      nodes += token.text().length();
      special &= token.special();
      char c = token.text().charAt(0);
      first[c >> 6] |= 1L << c;
      begin = begin == c ? begin : -1;
    }
    onlySpecial = special;
    onlyFirst = begin;
    tokenAt = new int[nodes];
    Arrays.fill(tokenAt, -1);
    int count = 1;
    for (int i = 0; i < tokens.length; i++) {
      int node = 0;
      String text = tokens[i].text();
      for (int at = 0; at < text.length(); at++) {
        long edge = (long) node << 16 | text.charAt(at);
        int next = edges.get(edge);
        if (next < 0) {
          next = count++;
          edges.put(edge, next);
        }
        node = next;
      }
      tokenAt[node] = i;
    }
  }

  /// Returns whether there is nothing to find, whatever the scope.
  boolean isEmpty() {
    return tokens.length == 0;
  }

  /// Returns the first match that begins at `from` or later, or null.
  ///
  /// Call it again with the end of the match as `from`. White space before a token is taken along
  /// back to `from` at most, so that matches never overlap.
  @Nullable Match find(String text, int from, SpecialScope scope) {
    if (tokens.length == 0 || (onlySpecial && SpecialScope.NONE.equals(scope))) {
      return null;
    }
    int at = nextStart(text, from);
    while (at < text.length()) {
      AddedToken token = longest(text, at, scope);
      if (token == null) {
        at = nextStart(text, at + 1);
      } else if (token.singleWord() && touchesWord(text, at, at + token.text().length())) {
        at = nextStart(text, at + token.text().length());
      } else {
        return stripped(text, from, at, token);
      }
    }
    return null;
  }

  private static Match stripped(String text, int from, int at, AddedToken token) {
    int start = at;
    int end = at + token.text().length();
    while (token.lstrip() && start > from && CharClass.isSpace(text.charAt(start - 1))) {
      start--;
    }
    while (token.rstrip() && end < text.length() && CharClass.isSpace(text.charAt(end))) {
      end++;
    }
    return new Match(start, end, token);
  }

  private int nextStart(String text, int from) {
    if (onlyFirst >= 0) {
      int at = text.indexOf(onlyFirst, from);
      return at < 0 ? text.length() : at;
    }
    int at = from;
    while (at < text.length()) {
      char c = text.charAt(at);
      if ((first[c >> 6] >>> c & 1) != 0) {
        break;
      }
      at++;
    }
    return at;
  }

  private @Nullable AddedToken longest(String text, int at, SpecialScope scope) {
    AddedToken best = null;
    int node = 0;
    for (int i = at; i < text.length(); i++) {
      node = edges.get((long) node << 16 | text.charAt(i));
      if (node < 0) {
        break;
      }
      int index = tokenAt[node];
      if (index >= 0 && (!tokens[index].special() || scope.allows(at, i + 1))) {
        best = tokens[index];
      }
    }
    return best;
  }

  private static boolean touchesWord(String text, int start, int end) {
    return (start > 0 && CharClass.isWord(text.codePointBefore(start)))
        || (end < text.length() && CharClass.isWord(text.codePointAt(end)));
  }
}
