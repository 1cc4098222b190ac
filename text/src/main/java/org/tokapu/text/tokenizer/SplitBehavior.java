package org.tokapu.text.tokenizer;

import java.util.Locale;
import org.tokapu.base.json.JsonObject;

/// What becomes of the places where a splitter's pattern matches.
enum SplitBehavior {
  /// They are dropped.
  REMOVED,
  /// Each is a word of its own.
  ISOLATED,
  /// Each belongs to the word before it.
  MERGED_WITH_PREVIOUS,
  /// Each belongs to the word behind it.
  MERGED_WITH_NEXT,
  /// Those that touch are one word.
  CONTIGUOUS;

  static SplitBehavior parse(JsonObject json, SplitBehavior otherwise) {
    String name = json.text("behavior").orElse("");
    if (name.isEmpty()) {
      return otherwise;
    }
    for (SplitBehavior behavior : values()) {
      if (behavior.name().replace("_", "").equals(name.replace("_", "").toUpperCase(Locale.ROOT))) {
        return behavior;
      }
    }
    throw json.wrong("behavior", "is unknown: \"" + name + "\"");
  }

  /// Takes the spans of a text in order, matches and what lies between them, and hands words on.
  final class Collector {
    private final Splitter.Spans out;

    /// The word that may still grow; empty if there is none.
    private int start;

    private int end;
    private boolean matched;

    Collector(Splitter.Spans out) {
      this.out = out;
    }

    void add(int from, int to, boolean match) {
      if (from == to || (match && SplitBehavior.this == REMOVED)) {
        return;
      }
      boolean grows =
          end > start
              && end == from
              && switch (SplitBehavior.this) {
                case REMOVED, ISOLATED -> false;
                case MERGED_WITH_PREVIOUS -> match && !matched;
                case MERGED_WITH_NEXT -> !match && matched;
                case CONTIGUOUS -> match == matched;
              };
      if (grows) {
        end = to;
      } else {
        done();
        start = from;
        end = to;
      }
      matched = match;
    }

    void done() {
      if (end > start) {
        out.add(start, end);
        end = start;
      }
    }
  }
}
