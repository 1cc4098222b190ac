package org.tokapu.text.chat;

import java.util.Arrays;
import org.tokapu.text.SpecialScope;

/// A rendered conversation that remembers who wrote which part: the template, or somebody's
/// message.
///
/// Hand it to `Tokenizer.encode(prompt.text(), prompt)`: special tokens are recognised in what the
/// template wrote and are plain text in what users wrote.
public final class ChatPrompt implements SpecialScope {
  private final String text;
  private final int[] foreign;

  /// @param text the whole prompt
  /// @param foreign sorted, disjoint char ranges `start, end, start, end, ...` that came from
  ///   messages, tools or variables
  public ChatPrompt(String text, int[] foreign) {
    this.text = text;
    this.foreign = foreign.clone();
  }

  /// Returns the whole prompt.
  public String text() {
    return text;
  }

  /// Returns the char ranges `start, end, ...` that users wrote.
  public int[] foreign() {
    return foreign.clone();
  }

  @Override
  public boolean allows(int start, int end) {
    int at = Arrays.binarySearch(foreign, start);
    int next = at >= 0 ? at : -at - 1;
    // An even `next` is the first range that begins at or after `start`; odd: `start` lies in one.
    if (at >= 0 && next % 2 == 1) {
      next++;
    }
    return next % 2 == 0 && (next == foreign.length || foreign[next] >= end);
  }

  @Override
  public String toString() {
    return text;
  }
}
