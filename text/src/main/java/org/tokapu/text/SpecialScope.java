package org.tokapu.text;

/// Where in a text special tokens may be recognised; everywhere else their spelling is plain text.
///
/// A chat prompt allows them where its template wrote them and nowhere a user did.
@FunctionalInterface
public interface SpecialScope {
  /// Nowhere: the whole text is plain.
  SpecialScope NONE = (start, end) -> false;

  /// Everywhere: the text is trusted.
  SpecialScope ALL = (start, end) -> true;

  /// Returns whether a special token spelled by the chars `start .. end` may be recognised.
  boolean allows(int start, int end);
}
