package org.tokapu.text.tokenizer;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.ModelFormatException;

/// The pieces of a tokenizer by id, as its file spells them, and which of them are special.
///
/// Immutable once built, and thread-safe.
final class Vocabulary {
  /// More ids than any model has (the largest have 262,144 today): a larger number is a lie.
  static final int MOST_IDS = 1 << 24;

  private final @Nullable String[] pieces;
  private final Map<String, Integer> ids;
  private final BitSet special = new BitSet();
  private final List<AddedToken> added;

  /// @param ids the ids of the model's own pieces
  /// @param added tokens that are cut out before the model sees the text; they may name pieces of
  ///   the model or ids beyond
  Vocabulary(Map<String, Integer> ids, List<AddedToken> added, String source) {
    this.ids = new HashMap<>(ids);
    this.added = List.copyOf(added);
    int size = 0;
    for (int id : ids.values()) {
      size = Math.max(size, checked(id, source) + 1);
    }
    for (AddedToken token : added) {
      size = Math.max(size, checked(token.id(), source) + 1);
    }
    if (size > 65536 + 64 * (ids.size() + added.size())) {
      throw new ModelFormatException(
          source,
          "vocabulary",
          "has ids up to " + (size - 1) + " for " + (ids.size() + added.size()) + " tokens");
    }
    pieces = new @Nullable String[size];
    ids.forEach((piece, id) -> {
      if (pieces[id] != null) {
        throw new ModelFormatException(
            source, "vocabulary", "\"" + pieces[id] + "\" and \"" + piece + "\" share id " + id);
      }
      pieces[id] = piece;
    });
    for (AddedToken token : added) {
      pieces[token.id()] = token.text();
      this.ids.put(token.text(), token.id());
      special.set(token.id(), token.special());
    }
  }

  private static int checked(int id, String source) {
    if (id < 0 || id >= MOST_IDS) {
      throw new ModelFormatException(
          source, "vocabulary", "id " + id + " is not within 0 .. " + (MOST_IDS - 1));
    }
    return id;
  }

  /// Returns the number of ids.
  int size() {
    return pieces.length;
  }

  /// Returns the piece of an id, empty for an id without one.
  String piece(int id) {
    String piece = id >= 0 && id < pieces.length ? pieces[id] : null;
    return piece == null ? "" : piece;
  }

  /// Returns whether an id is left out of decoded text.
  boolean isSpecial(int id) {
    return id >= 0 && special.get(id);
  }

  /// Returns the id of a piece, or -1.
  int id(String piece) {
    return ids.getOrDefault(piece, -1);
  }

  /// Returns the added tokens.
  List<AddedToken> added() {
    return added;
  }
}
