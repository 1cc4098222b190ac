package org.tokapu.text.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.tokapu.base.ModelFormatException;

/// The keys `tokenizer.ggml.*` of a GGUF file, read with types.
///
/// Source: <https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>.
final class GgufFields {
  static final String PREFIX = "tokenizer.ggml.";

  private final Map<String, ?> metadata;
  private final String source;
  private final List<String> tokens;
  private final BitSet empty = new BitSet();

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

  /// Returns whether an id has no token.
  boolean isEmpty(int id) {
    return empty.get(id);
  }

  /// Returns whether the file has a key.
  boolean has(String key) {
    return metadata.get(PREFIX + key) != null;
  }

  private List<String> distinct(List<String> read) {
    Set<String> seen = new HashSet<>();
    List<String> out = new ArrayList<>();
    for (String token : read) {
      String text = token;
      if (token.isEmpty()) {
        empty.set(out.size());
        text = SentencePieceModel.filler(out.size()).text();
      }
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
    List<Number> values = forEachToken("token_type");
    for (int id = 0; id < values.size(); id++) {
      kinds[id] = values.get(id).intValue();
    }
    return kinds;
  }

  /// Returns the scores of the tokens; all are 0 if the file does not say.
  float[] scores() {
    float[] scores = new float[tokens.size()];
    List<Number> values = forEachToken("scores");
    for (int id = 0; id < values.size(); id++) {
      scores[id] = values.get(id).floatValue();
    }
    return scores;
  }

  /// Returns a number for each token, or none if the key is absent.
  private List<Number> forEachToken(String key) {
    List<Number> values = numbers(key);
    if (has(key) && values.size() != tokens.size()) {
      throw wrong(key, "should be an array of " + tokens.size() + ", one for each token");
    }
    return values;
  }

  /// Returns an array of numbers as bytes, empty if absent.
  byte[] bytes(String key) {
    List<Number> values = numbers(key);
    byte[] bytes = new byte[values.size()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = values.get(i).byteValue();
    }
    return bytes;
  }

  private List<Number> numbers(String key) {
    List<Number> out = new ArrayList<>();
    for (Object item : list(key)) {
      if (!(item instanceof Number number)) {
        throw wrong(key, "[" + out.size() + "] is not a number");
      }
      out.add(number);
    }
    return out;
  }

  private List<?> list(String key) {
    return switch (metadata.get(PREFIX + key)) {
      case null -> List.of();
      case List<?> list -> list;
      case Object[] array -> Arrays.asList(array);
      case int[] ints -> Arrays.stream(ints).boxed().toList();
      case float[] floats -> IntStream.range(0, floats.length).mapToObj(i -> floats[i]).toList();
      case byte[] bytes -> IntStream.range(0, bytes.length).mapToObj(i -> bytes[i]).toList();
      default -> throw wrong(key, "should be an array");
    };
  }

  /// Returns a list of strings, empty if absent.
  List<String> strings(String key) {
    List<?> list = list(key);
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
