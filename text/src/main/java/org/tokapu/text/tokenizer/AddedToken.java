package org.tokapu.text.tokenizer;

/// A token that is cut out of the text before the model sees it, with the flags of
/// `tokenizer.json`'s `added_tokens`.
///
/// @param text its spelling, not empty
/// @param id its id
/// @param special recognised only where a [org.tokapu.text.SpecialScope] allows it, and left out of
///   decoded text; a token that is not special is always recognised
/// @param lstrip takes the white space before it along
/// @param rstrip takes the white space behind it along
/// @param singleWord recognised only where no word character touches it
/// @param normalized looked for in the normalized text, with its own spelling normalized
record AddedToken(
    String text,
    int id,
    boolean special,
    boolean lstrip,
    boolean rstrip,
    boolean singleWord,
    boolean normalized) {

  /// A special token without any further flag.
  static AddedToken special(String text, int id) {
    return new AddedToken(text, id, true, false, false, false, false);
  }

  /// A token that is recognised everywhere, without any further flag.
  static AddedToken plain(String text, int id) {
    return new AddedToken(text, id, false, false, false, false, false);
  }
}
