package org.tokapu.text.tokenizer;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Byte-level BPE: a word becomes its UTF-8 bytes, and neighbours merge by rank until nothing
/// merges.
///
/// Sources: Sennrich et al. 2016 (BPE), GPT-2's encoder, tiktoken's `_byte_pair_merge`. Immutable
/// but for caches, and thread-safe.
final class ByteBpe implements SubwordModel {
  /// Words are remembered in this many slots, and only up to this many bytes: at most a few MiB.
  private static final int SLOTS = 1 << 15;

  private static final int LONGEST_KEPT = 64;

  private static final byte UNKNOWN = 0;
  private static final byte WHOLE = 1;
  private static final byte PARTS = 2;

  private final PieceTable pieces;
  private final PairRanks ranks;

  /// Ids of the 256 bytes, or -1.
  private final int[] bytes = new int[256];

  private final int unknown;
  private final boolean fuseUnknown;
  private final boolean wholeWords;

  /// Whether the merges make a piece whole out of its bytes. Found out when it is first met; racing
  /// threads find the same.
  private final byte[] reached;

  /// The last word met for each hash. Entries never change, so that races only lose one.
  private final @Nullable Word[] words = new @Nullable Word[SLOTS];

  private record Word(long key, byte[] bytes, int[] ids) {}

  /// @param wholeWords whether a word that is a piece is taken without asking the merges
  ///   (`ignore_merges`)
  /// @param unknown the id of a byte that is no piece, or -1: it is dropped
  /// @param fuseUnknown whether several such bytes in a row make one token
  ByteBpe(
      PieceTable pieces, PairRanks ranks, boolean wholeWords, int unknown, boolean fuseUnknown) {
    this.pieces = pieces;
    this.ranks = ranks;
    this.wholeWords = wholeWords;
    this.unknown = unknown;
    this.fuseUnknown = fuseUnknown;
    byte[] one = new byte[8];
    int most = -1;
    for (int b = 0; b < 256; b++) {
      one[0] = (byte) b;
      bytes[b] = pieces.find(one, 0, 1);
      most = Math.max(most, bytes[b]);
    }
    reached = new byte[Math.max(most + 1, pieces.size())];
  }

  @Override
  public Encoder encoder() {
    return new Run();
  }

  private final class Run implements Encoder {
    private final BpeMerger merger = new BpeMerger(ranks);
    private byte[] utf8 = new byte[256];

    @Override
    public void encode(char[] text, int from, int to, TokenSink out) {
      int length = fill(text, from, to);
      long key = PieceTable.key(utf8, 0, length);
      int id = pieces.find(utf8, 0, length, key);
      if (id >= 0 && isWhole(id, length)) {
        out.add(id, from, to);
      } else if (out.wantsOffsets()) {
        merge(length);
        addWithPlaces(text, from, to, out);
      } else if (length <= LONGEST_KEPT) {
        out.addAll(kept(key, length));
      } else {
        merge(length);
        for (int i = 0; i < merger.size(); i++) {
          out.add(merger.id(i));
        }
      }
    }

    private boolean isWhole(int id, int length) {
      if (wholeWords) {
        return true;
      }
      byte state = reached[id];
      if (state == UNKNOWN) {
        merge(length);
        state = merger.size() == 1 && merger.id(0) == id ? WHOLE : PARTS;
        reached[id] = state;
      }
      return state == WHOLE;
    }

    private int[] kept(long key, int length) {
      int slot = (int) ((key ^ (key >>> 29)) * 0x9E3779B97F4A7C15L >>> 49);
      Word word = words[slot];
      if (word != null
          && word.key() == key
          && (length < 8 || Arrays.equals(word.bytes(), 0, word.bytes().length, utf8, 0, length))) {
        return word.ids();
      }
      merge(length);
      int[] ids = merger.ids();
      words[slot] = new Word(key, Arrays.copyOf(utf8, length), ids);
      return ids;
    }

    private void merge(int length) {
      merger.clear();
      boolean lastUnknown = false;
      for (int i = 0; i < length; i++) {
        int id = bytes[utf8[i] & 0xff];
        if (id >= 0) {
          merger.add(id, i);
        } else if (unknown >= 0 && !(fuseUnknown && lastUnknown)) {
          merger.add(unknown, i);
        }
        lastUnknown = id < 0;
      }
      merger.merge(utf8, length);
    }

    /// Adds the merged symbols; each spells the characters that its bytes belong to.
    private void addWithPlaces(char[] text, int from, int to, TokenSink out) {
      int at = from;
      int unit = 0;
      for (int i = 0; i < merger.size(); i++) {
        while (at < to && unit + Utf8.length(text, at, to) <= merger.start(i)) {
          unit += Utf8.length(text, at, to);
          at += CharClass.width(text, at, to);
        }
        int start = at;
        int end = at;
        int endUnit = unit;
        while (end < to && endUnit < merger.start(i + 1)) {
          endUnit += Utf8.length(text, end, to);
          end += CharClass.width(text, end, to);
        }
        out.add(merger.id(i), start, end);
      }
    }

    private int fill(char[] text, int from, int to) {
      // Three bytes a char at most, and eight that a key may read beyond.
      long most = (to - from) * 3L + 8;
      if (most > utf8.length) {
        long exact = Utf8.length(text, from, to, to);
        if (exact + 8 > utf8.length) {
          utf8 = new byte[Math.toIntExact(exact + 8)];
        }
      }
      return Utf8.encode(text, from, to, utf8);
    }
  }
}
