package org.tokapu.engine.sampling;

import java.util.Arrays;

/// A token history that grows. Not thread-safe.
public final class TokenBuffer implements TokenHistory {
  private int[] ids;
  private int length;
  private final int promptLength;

  /// Starts with a prompt, which is copied.
  public TokenBuffer(int... prompt) {
    this.ids = Arrays.copyOf(prompt, prompt.length + 64);
    this.length = prompt.length;
    this.promptLength = prompt.length;
  }

  /// Appends a generated token.
  public void add(int id) {
    if (length == ids.length) {
      ids = Arrays.copyOf(ids, ids.length + (ids.length >> 1));
    }
    ids[length++] = id;
  }

  /// Returns a copy of the tokens `from .. to`.
  public int[] slice(int from, int to) {
    return Arrays.copyOfRange(ids, from, to);
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public int token(int index) {
    if (index < 0 || index >= length) {
      throw new IndexOutOfBoundsException("token " + index + " of " + length);
    }
    return ids[index];
  }

  @Override
  public int promptLength() {
    return promptLength;
  }
}
