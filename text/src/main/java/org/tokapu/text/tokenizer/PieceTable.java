package org.tokapu.text.tokenizer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A vocabulary's pieces as bytes: bytes to id, id to bytes. Immutable and thread-safe.
///
/// Up to seven bytes are a hash key as they stand (with the length in the eighth), so that most
/// look-ups touch one slot and compare nothing further.
final class PieceTable {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[] @Nullable [] pieces;
  private final long[] keys;
  private final int[] ids;
  private final int shift;
  private final int longest;

  /// @param pieces by id; null for ids that no bytes spell. Of equal pieces the first counts
  PieceTable(byte[] @Nullable [] pieces) {
    this.pieces = pieces;
    int bits = Math.max(4, 33 - Integer.numberOfLeadingZeros(Math.max(1, pieces.length)));
    shift = 64 - bits;
    keys = new long[1 << bits];
    ids = new int[1 << bits];
    Arrays.fill(ids, -1);
    int max = 0;
    byte[] padded = new byte[64];
    for (int id = 0; id < pieces.length; id++) {
      byte[] piece = pieces[id];
      if (piece == null || piece.length == 0) {
        continue;
      }
      max = Math.max(max, piece.length);
      if (padded.length < piece.length + 8) {
        padded = new byte[piece.length * 2 + 8];
      }
      System.arraycopy(piece, 0, padded, 0, piece.length);
      if (find(padded, 0, piece.length) < 0) {
        insert(key(padded, 0, piece.length), id);
      }
    }
    longest = max;
  }

  /// Returns the length of the longest piece in bytes.
  int longest() {
    return longest;
  }

  /// Returns the number of ids.
  int size() {
    return pieces.length;
  }

  /// Returns the bytes of an id, or null.
  byte @Nullable [] bytes(int id) {
    return id >= 0 && id < pieces.length ? pieces[id] : null;
  }

  /// Returns the id of the bytes `from .. to`, or -1; seven bytes behind them must be readable.
  int find(byte[] bytes, int from, int to) {
    return find(bytes, from, to, key(bytes, from, to));
  }

  /// As above, with the [#key] at hand.
  int find(byte[] bytes, int from, int to, long key) {
    int mask = keys.length - 1;
    int slot = slot(key);
    while (true) {
      int id = ids[slot];
      if (id < 0) {
        return -1;
      }
      if (keys[slot] == key && (to - from < 8 || same(id, bytes, from, to))) {
        return id;
      }
      slot = (slot + 1) & mask;
    }
  }

  /// Returns a number that stands for the bytes `from .. to`: equal for equal bytes, and up to
  /// seven bytes different for different ones. Seven bytes behind them must be readable.
  static long key(byte[] bytes, int from, int to) {
    int length = to - from;
    if (length < 8) {
      long tail = (long) LONG.get(bytes, from) & ((1L << length * 8) - 1);
      return tail | (long) length << 56;
    }
    long hash = length;
    int at = from;
    for (; at + 8 <= to; at += 8) {
      hash = (hash ^ (long) LONG.get(bytes, at)) * 0x9E3779B97F4A7C15L;
      hash ^= hash >>> 32;
    }
    // The last eight bytes once more, however many of them are new.
    hash = (hash ^ (long) LONG.get(bytes, to - 8)) * 0xC2B2AE3D27D4EB4FL;
    hash ^= hash >>> 29;
    return hash | 0xffL << 56;
  }

  private boolean same(int id, byte[] bytes, int from, int to) {
    byte[] piece = pieces[id];
    return piece != null && Arrays.equals(piece, 0, piece.length, bytes, from, to);
  }

  private void insert(long key, int id) {
    int mask = keys.length - 1;
    int slot = slot(key);
    while (ids[slot] >= 0) {
      slot = (slot + 1) & mask;
    }
    keys[slot] = key;
    ids[slot] = id;
  }

  private int slot(long key) {
    return (int) ((key ^ (key >>> 31)) * 0x9E3779B97F4A7C15L >>> shift);
  }
}
