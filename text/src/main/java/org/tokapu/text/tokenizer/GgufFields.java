package org.tokapu.text.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tokapu.base.ModelFormatException;

/// The keys `tokenizer.ggml.*` of a GGUF file, read with types.
///
/// Source: <https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>.
final class GgufFields {
  private static final String PREFIX = "tokenizer.ggml.";

  private final Map<String, ?> metadata;
  private final String source;
  private final List<String> tokens;

  /// @param metadata values by key; arrays are lists or Java arrays
  /// @param source the file, for messages
  GgufFields(Map<String, ?> metadata, String source) {
    this.metadata = metadata;
    this.source = source;
    tokens = distinct(strings("tokens"));
    if (tokens.isEmpty() || tokens.size() > Vocabulary.MOST_IDS) {
      throw wrong("tokens", "has " + tokens.size() + " entries; the file has no usable vocabulary");
    }
  }

  /// Returns the vocabulary by id; an id without a token has a filler.
  List<String> tokens() {
    return tokens;
  }

  private List<String> distinct(List<String> read) {
    Set<String> seen = new HashSet<>();
    List<String> out = new ArrayList<>();
    for (String token : read) {
      String text = token.isEmpty() ? "[EMPTY_" + out.size() + "]" : token;
      if (!seen.add(text)) {
        throw wrong("tokens", "[" + out.size() + "] repeats the token \"" + text + "\"");
      }
      out.add(text);
    }
    return out;
  }

  /// Returns the kinds of the tokens: 1 normal, 2 unknown, 3 control, 4 user-defined, 5 unused, 6
  /// byte; all are normal if the file does not say.
  int[] kinds() {
    int[] kinds = new int[tokens.size()];
    Arrays.fill(kinds, 1);
    Object value = metadata.get(PREFIX + "token_type");
    if (value == null) {
      return kinds;
    }
    if (value instanceof int[] ints && ints.length == kinds.length) {
      return ints.clone();
    }
    if (!(value instanceof List<?> list) || list.size() != kinds.length) {
      throw wrong("token_type", "should be an array of " + kinds.length + ", one for each token");
    }
    for (int i = 0; i < kinds.length; i++) {
      if (!(list.get(i) instanceof Number number)) {
        throw wrong("token_type", "[" + i + "] is not a number");
      }
      kinds[i] = number.intValue();
    }
    return kinds;
  }

  /// Returns a list of strings, empty if absent.
  List<String> strings(String key) {
    Object value = metadata.get(PREFIX + key);
    List<?> list =
        switch (value) {
          case null -> List.of();
          case List<?> l -> l;
          case Object[] array -> Arrays.asList(array);
          default -> throw wrong(key, "should be an array of strings");
        };
    List<String> out = new ArrayList<>(list.size());
    for (Object item : list) {
      if (!(item instanceof String text)) {
        throw wrong(key, "[" + out.size() + "] is not a string");
      }
      out.add(text);
    }
    return out;
  }

  /// Returns the id of `ROLE_token_id`; -1 if the file names none.
  int id(String role, int otherwise) {
    Object value = metadata.get(PREFIX + role + "_token_id");
    if (value == null) {
      return otherwise < tokens.size() ? otherwise : -1;
    }
    long id = value instanceof Number number ? number.longValue() : -2;
    // An id of all ones stands for none.
    if (id == 0xffffffffL || id == -1) {
      return -1;
    }
    if (id < 0 || id >= tokens.size()) {
      throw wrong(role + "_token_id", value + " is outside of the vocabulary of " + tokens.size());
    }
    return (int) id;
  }

  /// Returns a truth value.
  boolean flag(String key, boolean otherwise) {
    Object value = metadata.get(PREFIX + key);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw wrong(key, "should be true or false, is " + value);
  }

  /// Returns a text, empty if absent.
  String text(String key) {
    Object value = metadata.get(PREFIX + key);
    if (value == null) {
      return "";
    }
    if (value instanceof String text) {
      return text;
    }
    throw wrong(key, "should be a string, is " + value);
  }

  String source() {
    return source;
  }

  ModelFormatException wrong(String key, String problem) {
    return new ModelFormatException(source, PREFIX + key, problem);
  }
}
