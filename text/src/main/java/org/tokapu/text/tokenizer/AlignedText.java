package org.tokapu.text.tokenizer;

import java.util.Arrays;

/// A piece of text on its way through normalizers and pre-tokenizers that remembers where in the
/// original each of its chars came from.
///
/// Where nobody will ask for places, [#untracked] saves the work of remembering them.
///
/// @param text the text as it is now
/// @param starts by char: where the original of the char starts; empty if that is not tracked
/// @param ends by char: where it ends; empty likewise
record AlignedText(String text, int[] starts, int[] ends) {
  private static final int[] UNTRACKED = {};

  /// A text that does not remember places: they must not be asked for.
  static AlignedText untracked(String text) {
    return new AlignedText(text, UNTRACKED, UNTRACKED);
  }

  /// The chars `from .. to` of the original, unchanged.
  static AlignedText of(String original, int from, int to) {
    int[] starts = new int[to - from];
    int[] ends = new int[to - from];
    for (int i = 0; i < starts.length; i++) {
      starts[i] = from + i;
      ends[i] = from + i + 1;
    }
    // The halves of a pair stand for the same character.
    for (int i = 0; i + 1 < starts.length; i++) {
      if (Character.isSurrogatePair(original.charAt(from + i), original.charAt(from + i + 1))) {
        ends[i]++;
        starts[i + 1]--;
      }
    }
    return new AlignedText(original.substring(from, to), starts, ends);
  }

  AlignedText slice(int from, int to) {
    if (from == 0 && to == text.length()) {
      return this;
    }
    return isTracked()
        ? new AlignedText(
            text.substring(from, to),
            Arrays.copyOfRange(starts, from, to),
            Arrays.copyOfRange(ends, from, to))
        : untracked(text.substring(from, to));
  }

  private boolean isTracked() {
    return starts.length == text.length();
  }

  boolean isEmpty() {
    return text.isEmpty();
  }

  /// Returns where the original of the char at `at` starts; at the end of the text, where it ends.
  int originalStart(int at) {
    return at < starts.length ? starts[at] : originalEnd(at);
  }

  /// Returns where the original of the char before `at` ends; at 0, where the text starts.
  int originalEnd(int at) {
    return at > 0 ? ends[at - 1] : starts.length > 0 ? starts[0] : 0;
  }

  /// Starts a text that is made from this one.
  Builder change() {
    return new Builder();
  }

  /// Builds a changed text: every char that is added names the chars that it comes from.
  final class Builder {
    private final StringBuilder out = new StringBuilder(text.length() + 8);
    private final boolean tracks = isTracked();
    private int[] newStarts = tracks ? new int[text.length() + 8] : UNTRACKED;
    private int[] newEnds = tracks ? new int[text.length() + 8] : UNTRACKED;

    /// Adds `added`, made from the chars `from .. to` of the old text; with `from == to`, from
    /// none.
    Builder add(CharSequence added, int from, int to) {
      int size = out.length();
      out.append(added);
      if (tracks) {
        int start = originalStart(from);
        int end = to > from ? originalEnd(to) : start;
        reserve();
        Arrays.fill(newStarts, size, out.length(), start);
        Arrays.fill(newEnds, size, out.length(), end);
      }
      return this;
    }

    /// Adds the chars `from .. to` of the old text as they are.
    Builder keep(int from, int to) {
      int size = out.length();
      out.append(text, from, to);
      if (tracks) {
        reserve();
        System.arraycopy(starts, from, newStarts, size, to - from);
        System.arraycopy(ends, from, newEnds, size, to - from);
      }
      return this;
    }

    private void reserve() {
      if (out.length() > newStarts.length) {
        newStarts = Arrays.copyOf(newStarts, out.length() * 2);
        newEnds = Arrays.copyOf(newEnds, out.length() * 2);
      }
    }

    AlignedText done() {
      return tracks
          ? new AlignedText(
              out.toString(),
              Arrays.copyOf(newStarts, out.length()),
              Arrays.copyOf(newEnds, out.length()))
          : untracked(out.toString());
    }
  }
}
