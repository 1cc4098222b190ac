package org.tokapu.engine.sampling;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tokapu.text.Tokenizer;

/// Token sequences over which no repetition reaches, for [Dry].
///
/// A text breaks wherever it occurs, also inside a token or across tokens: a token that contains it
/// is a breaker by itself; a token that ends with the first part of it is the head of a breaker
/// whose tail is the rest, tokenized. Immutable and thread-safe.
final class SequenceBreakers {
  /// Nothing breaks.
  static final SequenceBreakers NONE = new SequenceBreakers(Map.of());

  // Longer tails are compared only so far: a bound on the work for each token.
  private static final int LONGEST_TAIL = 20;
  private static final int[] NO_TAIL = {};

  private final Map<Integer, int[][]> tails;

  private SequenceBreakers(Map<Integer, int[][]> tails) {
    this.tails = tails;
  }

  /// Makes breakers of token sequences, each of a token or more.
  static SequenceBreakers of(List<int[]> sequences) {
    Map<Integer, int[][]> tails = new HashMap<>();
    for (int[] sequence : sequences) {
      add(tails, sequence[0], Arrays.copyOfRange(sequence, 1, sequence.length));
    }
    return new SequenceBreakers(tails);
  }

  /// Finds the spellings of `texts` in a vocabulary.
  static SequenceBreakers of(Tokenizer tokenizer, List<String> texts) {
    Map<Integer, int[][]> tails = new HashMap<>();
    byte[][] vocabulary = new byte[tokenizer.vocabularySize()][];
    Arrays.setAll(vocabulary, tokenizer::bytes);
    for (String text : texts) {
      byte[] breaker = text.getBytes(StandardCharsets.UTF_8);
      int[][] rests = new int[breaker.length][];
      for (int i = 1; i < breaker.length; i++) {
        if ((breaker[i] & 0xC0) != 0x80) { // not in the middle of a character
          byte[] rest = Arrays.copyOfRange(breaker, i, breaker.length);
          rests[i] = tokenizer.encode(new String(rest, StandardCharsets.UTF_8));
        }
      }
      for (int id = 0; id < vocabulary.length; id++) {
        addHeads(tails, id, vocabulary[id], breaker, rests);
      }
    }
    return new SequenceBreakers(tails);
  }

  private static void addHeads(
      Map<Integer, int[][]> tails, int id, byte[] token, byte[] breaker, int[][] rests) {
    for (int start = 0; start < token.length; start++) {
      int end = Math.min(token.length, start + breaker.length);
      int length = end - start;
      if (token[start] == breaker[0] && Arrays.equals(token, start, end, breaker, 0, length)) {
        if (length == breaker.length) {
          add(tails, id, NO_TAIL);
        } else if (rests[length] != null) {
          add(tails, id, rests[length]);
        }
      }
    }
  }

  private static void add(Map<Integer, int[][]> tails, int head, int[] tail) {
    int[] kept = Arrays.copyOf(tail, Math.min(tail.length, LONGEST_TAIL));
    int[][] old = tails.getOrDefault(head, new int[0][]);
    for (int[] other : old) {
      if (Arrays.equals(other, kept)) {
        return;
      }
    }
    int[][] longer = Arrays.copyOf(old, old.length + 1);
    longer[old.length] = kept;
    tails.put(head, longer);
  }

  /// Returns whether this token alone breaks.
  boolean breaksAlone(int id) {
    int[][] found = tails.get(id);
    if (found != null) {
      for (int[] tail : found) {
        if (tail.length == 0) {
          return true;
        }
      }
    }
    return false;
  }

  /// Returns how many tokens at the end of `history` stand behind the last breaker, `limit` if none
  /// begins among the last `limit` tokens.
  int tokensSinceBreak(TokenHistory history, int limit) {
    if (tails.isEmpty()) {
      return limit;
    }
    int length = history.length();
    for (int back = 0; back < limit; back++) {
      int[][] found = tails.get(history.token(length - 1 - back));
      int longest = -1;
      if (found != null) {
        for (int[] tail : found) {
          if (tail.length > longest && tail.length <= back && follows(history, back, tail)) {
            longest = tail.length;
          }
        }
      }
      if (longest >= 0) {
        return back - longest;
      }
    }
    return limit;
  }

  private static boolean follows(TokenHistory history, int back, int[] tail) {
    int next = history.length() - back;
    for (int i = 0; i < tail.length; i++) {
      if (history.token(next + i) != tail[i]) {
        return false;
      }
    }
    return true;
  }
}
