package org.tokapu.text.tokenizer;

import java.util.Map;

/// The simplest model: a word is a token or unknown. Immutable and thread-safe.
final class WordLevel implements SubwordModel {
  private final Map<String, Integer> ids;
  private final int unknown;

  /// @param unknown the id of unknown words, or -1: they are dropped
  WordLevel(Map<String, Integer> ids, int unknown) {
    this.ids = Map.copyOf(ids);
    this.unknown = unknown;
  }

  @Override
  public Encoder encoder() {
    return (text, from, to, out) -> {
      int id = ids.getOrDefault(new String(text, from, to - from), unknown);
      if (id >= 0) {
        out.add(id, from, to);
      }
    };
  }
}
