package org.tokapu.text.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.ModelFormatException;

/// The merges of a BPE vocabulary in their order, as files spell them: `a b` or `["a", "b"]`.
final class Merges {
  private final List<String> lefts = new ArrayList<>();
  private final List<String> rights = new ArrayList<>();
  private final String source;

  private Merges(String source) {
    this.source = source;
  }

  /// Reads the list of a `tokenizer.json` or of GGUF metadata.
  static Merges of(List<? extends @Nullable Object> list, String source) {
    Merges merges = new Merges(source);
    int index = 0;
    for (Object item : list) {
      if (item instanceof List<?> pair
          && pair.size() == 2
          && pair.get(0) instanceof String left
          && pair.get(1) instanceof String right) {
        merges.add(left, right);
      } else if (item instanceof String text) {
        merges.add(text, index);
      } else {
        throw new ModelFormatException(
            source, "merges[" + index + "]", "should be a pair of pieces, is " + item);
      }
      index++;
    }
    return merges;
  }

  /// Returns the lines of `merges.txt`: a merge a line, after an optional line `#version: ...`.
  static List<String> lines(byte[] file) {
    List<String> out = new ArrayList<>();
    String[] lines = new String(file, StandardCharsets.UTF_8).split("\r?\n", -1);
    for (int i = 0; i < lines.length; i++) {
      if (!lines[i].isEmpty() && !(i == 0 && lines[i].startsWith("#version"))) {
        out.add(lines[i]);
      }
    }
    return out;
  }

  private void add(String text, int index) {
    int space = text.indexOf(' ', 1);
    if (space <= 0 || space == text.length() - 1) {
      throw new ModelFormatException(
          source, "merges[" + index + "]", "should be two pieces with a space between: " + text);
    }
    add(text.substring(0, space), text.substring(space + 1));
  }

  private void add(String left, String right) {
    lefts.add(left);
    rights.add(right);
  }

  /// Resolves the pieces.
  ///
  /// @param continuing what right pieces begin with that is not part of the merged piece
  /// @param never ids that no merge may make: special tokens
  PairRanks resolve(Map<String, Integer> ids, String continuing, Set<Integer> never) {
    int[] a = new int[lefts.size()];
    int[] b = new int[a.length];
    int[] both = new int[a.length];
    int count = 0;
    for (int rank = 0; rank < a.length; rank++) {
      String right = rights.get(rank);
      a[rank] = id(ids, lefts.get(rank), rank);
      b[rank] = id(ids, right, rank);
      String rest =
          !continuing.isEmpty() && right.startsWith(continuing)
              ? right.substring(continuing.length())
              : right;
      both[rank] = id(ids, lefts.get(rank) + rest, rank);
      if (!never.contains(both[rank])) {
        a[count] = a[rank];
        b[count] = b[rank];
        both[count++] = both[rank];
      }
    }
    MergeTable table = new MergeTable(count);
    // Of equal pairs the last counts: it is put first.
    for (int rank = count - 1; rank >= 0; rank--) {
      table.put(a[rank], b[rank], rank, both[rank]);
    }
    return table;
  }

  private int id(Map<String, Integer> ids, String piece, int rank) {
    Integer id = ids.get(piece);
    if (id == null) {
      throw new ModelFormatException(
          source, "merges[" + rank + "]", "\"" + piece + "\" is not in the vocabulary");
    }
    return id;
  }
}
