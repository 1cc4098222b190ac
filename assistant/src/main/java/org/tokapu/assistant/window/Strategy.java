package org.tokapu.assistant.window;

import java.util.Locale;
import org.tokapu.base.TokapuException;

/// What happens when a conversation outgrows the context.
public enum Strategy {
  /// The oldest whole turns leave first.
  TRUNCATE,
  /// The oldest whole turns leave, and a summary takes their place.
  SUMMARIZE,
  /// Nothing leaves: the turn is refused.
  ERROR;

  /// Returns the word that requests and files use.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Reads that word.
  ///
  /// @throws TokapuException if it is none of them
  public static Strategy parse(String word) {
    for (Strategy strategy : values()) {
      if (strategy.word().equals(word)) {
        return strategy;
      }
    }
    throw new TokapuException(
        "there is no strategy '" + word + "'; there are truncate, summarize and error");
  }
}
