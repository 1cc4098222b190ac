package org.tokapu.assistant;

import java.util.Locale;
import org.tokapu.base.TokapuException;

/// What a key opens.
public enum Scope {
  /// Asking models, and sessions of one's own.
  CHAT,
  /// Keys, models, and the usage of everybody.
  ADMIN;

  /// Returns the word that commands and files use.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Reads that word.
  ///
  /// @throws TokapuException if it is neither
  public static Scope parse(String word) {
    for (Scope scope : values()) {
      if (scope.word().equals(word)) {
        return scope;
      }
    }
    throw new TokapuException("there is no scope '" + word + "'; there are chat and admin");
  }
}
