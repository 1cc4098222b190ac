package org.tokapu.text.chat.jinja;

/// A value inside a template; it behaves as the Python value of the same name does.
///
/// `equals` and `hashCode` are Python's `==` and `hash`. Values are immutable but for [Namespace],
/// the cycling [Native] things and one-way [Seq] generators, which belong to one rendering.
sealed interface Value permits Str, Num, None, Undefined, Seq, Dict, Thing {
  /// Returns the name of the Python type, for messages and attribute errors.
  String type();

  /// Returns the truth of the value.
  boolean truth();

  /// Returns how many values lie inside, itself included; what is shared counts each time.
  default long weight() {
    return 1;
  }

  /// Returns how deep lists and mappings are nested in it.
  default int depth() {
    return 0;
  }
}
