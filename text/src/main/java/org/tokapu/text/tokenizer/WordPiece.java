package org.tokapu.text.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/// WordPiece, the model of BERT: the longest piece that begins a word, then the longest that
/// continues it, and so on; a word that cannot be spelled to its end is unknown as a whole.
///
/// Source: `WordpieceTokenizer` of BERT's `tokenization.py`. Immutable and thread-safe.
final class WordPiece implements SubwordModel {
  private final PieceTable beginning;
  private final PieceTable continuing;
  private final byte[] wordPrefix;
  private final int unknown;
  private final int longestWord;

  /// How pieces are spelled.
  ///
  /// @param word what stands before each word: nothing, or `▁` in GGUF files
  /// @param continuing what stands before pieces that continue a word: `##`, or nothing in GGUF
  /// @param longestWord words of more characters are unknown
  record Spelling(String word, String continuing, int longestWord) {}

  /// @param unknown the id of an unknown word
  WordPiece(Map<String, Integer> ids, Spelling spelling, int unknown) {
    this.unknown = unknown;
    wordPrefix = spelling.word().getBytes(StandardCharsets.UTF_8);
    longestWord = spelling.longestWord();
    int size = ids.values().stream().mapToInt(Integer::intValue).max().orElse(0) + 1;
    byte[][] all = new byte[size][];
    byte[][] rest = new byte[size][];
    ids.forEach((piece, i) -> {
      all[i] = piece.getBytes(StandardCharsets.UTF_8);
      if (piece.startsWith(spelling.continuing())) {
        rest[i] = piece.substring(spelling.continuing().length()).getBytes(StandardCharsets.UTF_8);
      }
    });
    beginning = new PieceTable(all);
    continuing = new PieceTable(rest);
  }

  @Override
  public Encoder encoder() {
    return new Run();
  }

  private final class Run implements Encoder {
    private byte[] utf8 = new byte[256];

    /// By character: the byte and the char at which it begins; one more for the end.
    private int[] byteAt = new int[64];

    private int[] charAt = new int[64];
    private int[] found = new int[64];
    private int[] until = new int[64];
    private int pieces;

    @Override
    public void encode(char[] text, int from, int to, TokenSink out) {
      int count = Character.codePointCount(text, from, to - from);
      if (count > longestWord) {
        out.add(unknown, from, to);
        return;
      }
      fill(text, from, to, count);
      pieces = 0;
      int at = 0;
      while (at < count) {
        int end = longest(at, count);
        if (end < 0) {
          out.add(unknown, from, to);
          return;
        }
        at = end;
      }
      int start = 0;
      for (int i = 0; i < pieces; i++) {
        out.add(found[i], charAt[start], charAt[until[i]]);
        start = until[i];
      }
    }

    /// Finds the longest piece from character `at`, notes it, and returns its end, or -1.
    private int longest(int at, int count) {
      PieceTable table = at == 0 ? beginning : continuing;
      int from = at == 0 ? 0 : byteAt[at];
      int end = count;
      while (end > at && byteAt[end] - from > table.longest()) {
        end--;
      }
      for (; end > at; end--) {
        int id = table.find(utf8, from, byteAt[end]);
        if (id >= 0) {
          found[pieces] = id;
          until[pieces++] = end;
          return end;
        }
      }
      return -1;
    }

    private void fill(char[] text, int from, int to, int count) {
      int most = (to - from) * 3 + wordPrefix.length + 8;
      if (utf8.length < most) {
        utf8 = new byte[most];
      }
      if (byteAt.length < count + 1) {
        byteAt = new int[count + 1];
        charAt = new int[count + 1];
        found = new int[count + 1];
        until = new int[count + 1];
      }
      System.arraycopy(wordPrefix, 0, utf8, 0, wordPrefix.length);
      Utf8.encode(text, from, to, utf8, wordPrefix.length);
      int b = wordPrefix.length;
      int c = from;
      for (int i = 0; i <= count; i++) {
        byteAt[i] = b;
        charAt[i] = c;
        if (i < count) {
          b += Utf8.length(text, c, to);
          c += CharClass.width(text, c, to);
        }
      }
    }
  }
}
