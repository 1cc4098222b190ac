package org.tokapu.assistant.store;

import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.json.Json;
import org.tokapu.base.json.JsonObject;

/// Messages as texts of a database: JSON that every database takes, and what a search sees.
final class MessageText {
  private MessageText() {}

  /// Returns the text of a message, the texts of its parts a line apart.
  static String of(Map<String, ? extends @Nullable Object> body) {
    Object content = body.get("content");
    if (content instanceof String text) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    if (content instanceof List<?> parts) {
      for (Object part : parts) {
        if (part instanceof Map<?, ?> map && map.get("text") instanceof String text) {
          out.append(out.isEmpty() ? "" : "\n").append(text);
        }
      }
    }
    return out.toString();
  }

  /// Returns a text as searches compare it: composed (a syllable may be typed as two or three
  /// jamo), in small letters, without what a database refuses.
  static String searchable(String text) {
    return Normalizer.normalize(clean(text), Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
  }

  /// Returns a text that every database takes: PostgreSQL has no character 0, and half a surrogate
  /// pair has no UTF-8.
  static String clean(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(c -> {
          boolean refused =
              c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
          out.appendCodePoint(refused ? 0xfffd : c);
        });
    return out.toString();
  }

  /// Writes JSON in which halves of surrogate pairs are escaped, so that they come back as they
  /// were.
  static String json(@Nullable Object value) {
    String json = Json.write(value);
    StringBuilder out = new StringBuilder(json.length());
    json.codePoints()
        .forEach(c -> {
          if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
            out.append("\\u%04x".formatted(c));
          } else {
            out.appendCodePoint(c);
          }
        });
    return out.toString();
  }

  static Map<String, @Nullable Object> parse(String json) {
    return JsonObject.of(Json.parse(json, "the database"), "the database", "").map();
  }

  /// Returns the part of a text around the first place where `word` is found, at most about
  /// `length` characters; its beginning if it is not found.
  ///
  /// @param word as [#searchable] gives it
  static String snippet(String text, String word, int length) {
    String composed = Normalizer.normalize(text, Normalizer.Form.NFC);
    String lower = composed.toLowerCase(Locale.ROOT);
    // A few letters change their length when they become small: then the places differ.
    String shown = lower.length() == composed.length() ? composed : lower;
    int from = Math.max(0, lower.indexOf(word) - length / 3);
    int to = Math.min(shown.length(), from + length);
    if (from > 0 && Character.isLowSurrogate(shown.charAt(from))) {
      from--;
    }
    if (to < shown.length() && Character.isLowSurrogate(shown.charAt(to))) {
      to--;
    }
    String cut = shown.substring(from, to).strip().replaceAll("\\s+", " ");
    return (from > 0 ? "… " : "") + cut + (to < shown.length() ? " …" : "");
  }
}
