package org.tokapu.server.http;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.ModelFormatException;
import org.tokapu.base.json.Json;

/// A JSON object that a client sent, read strictly: every field is taken, or refused by name.
///
/// Each accessor takes a field; a field that is absent and one that is `null` are the same. [#end]
/// refuses the first field that nobody took. An error is a 400 whose `param` is the path:
/// `messages[1].role`. Not thread-safe.
public final class RequestBody {
  private final Map<String, @Nullable Object> values;
  private final String path;
  private final Set<String> taken = new HashSet<>();

  private RequestBody(Map<String, @Nullable Object> values, String path) {
    this.values = values;
    this.path = path;
  }

  /// Reads a body.
  ///
  /// @throws ApiError 400 if it is not one JSON object in UTF-8
  public static RequestBody parse(byte[] utf8) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
      return of(Json.parse(text, "body"), "");
    } catch (CharacterCodingException e) {
      throw ApiError.invalid(null, "invalid_utf8", "The body is not valid UTF-8.");
    } catch (ModelFormatException e) {
      String problem = String.valueOf(e.getMessage()).replaceFirst("^body: JSON: ", "");
      throw ApiError.invalid(
          null, "invalid_json", "We could not parse the JSON body of your request: " + problem);
    }
  }

  @SuppressWarnings("unchecked")
  private static RequestBody of(@Nullable Object value, String path) {
    if (value instanceof Map<?, ?> map) {
      return new RequestBody((Map<String, @Nullable Object>) map, path);
    }
    throw wrongType(path, "an object", value);
  }

  /// Returns whether a field is there; does not take it.
  public boolean has(String key) {
    return values.get(key) != null;
  }

  /// Takes a text.
  public Optional<String> text(String key) {
    return typed(key, String.class, "a string");
  }

  /// Takes a text that must be there.
  public String requireText(String key) {
    return text(key).orElseThrow(() -> missing(key));
  }

  /// Takes a text that must be one of some.
  public Optional<String> oneOf(String key, List<String> allowed) {
    Optional<String> value = text(key);
    value
        .filter(v -> !allowed.contains(v))
        .ifPresent(v -> {
          throw wrong(
              key,
              "invalid_value",
              "Invalid value: '%s'. Supported values are: %s."
                  .formatted(shortened(v), String.join(", ", allowed)));
        });
    return value;
  }

  /// Takes a truth value.
  public Optional<Boolean> flag(String key) {
    return typed(key, Boolean.class, "a boolean");
  }

  /// Takes an integer within a range.
  public OptionalLong integer(String key, long least, long most) {
    Object value = take(key);
    return switch (value) {
      case null -> OptionalLong.empty();
      case Long number -> OptionalLong.of(inRange(key, number, least, most));
      case BigInteger huge -> throw aboveOrBelow(key, huge, huge.signum() > 0, least, most);
      default -> throw wrongType(at(key), "an integer", value);
    };
  }

  /// Takes a number within a range.
  public OptionalDouble number(String key, double least, double most) {
    Object value = take(key);
    if (value == null) {
      return OptionalDouble.empty();
    }
    if (!(value instanceof Number number)) {
      throw wrongType(at(key), "a number", value);
    }
    double out = number.doubleValue();
    if (!(out >= least && out <= most)) {
      throw aboveOrBelow(key, number, out > most, least, most);
    }
    return OptionalDouble.of(out);
  }

  /// Takes an object.
  public Optional<RequestBody> object(String key) {
    Object value = take(key);
    return value == null ? Optional.empty() : Optional.of(of(value, at(key)));
  }

  /// Takes an object as it is.
  public Optional<Map<String, @Nullable Object>> map(String key) {
    return object(key).map(RequestBody::values);
  }

  /// Returns the plain fields, all of them taken.
  public Map<String, @Nullable Object> values() {
    taken.addAll(values.keySet());
    return values;
  }

  /// Takes a list as it is.
  @SuppressWarnings("unchecked")
  public Optional<List<@Nullable Object>> list(String key) {
    return typed(key, List.class, "an array").map(list -> (List<@Nullable Object>) list);
  }

  /// Takes a list of objects; empty if absent.
  public List<RequestBody> objects(String key) {
    List<RequestBody> out = new ArrayList<>();
    for (Object item : list(key).orElse(List.of())) {
      out.add(of(item, at(key) + "[" + out.size() + "]"));
    }
    return out;
  }

  /// Takes a list of texts, or one text for a list of one.
  public Optional<List<String>> texts(String key) {
    if (values.get(key) instanceof String) {
      return text(key).map(List::of);
    }
    Optional<List<@Nullable Object>> list = list(key);
    if (list.isEmpty()) {
      return Optional.empty();
    }
    List<String> out = new ArrayList<>();
    for (Object item : list.get()) {
      if (!(item instanceof String text)) {
        throw wrongType(at(key) + "[" + out.size() + "]", "a string", item);
      }
      out.add(text);
    }
    return Optional.of(out);
  }

  /// Takes anything.
  public @Nullable Object any(String key) {
    return take(key);
  }

  /// Takes fields that have no effect on the answer, whatever they say.
  public void ignore(String... keys) {
    taken.addAll(List.of(keys));
  }

  /// Refuses a field by name if it is there.
  public void refuse(String key, String why) {
    if (take(key) != null) {
      throw wrong(
          key, "unsupported_parameter", "'%s' is not supported: %s.".formatted(at(key), why));
    }
  }

  /// Refuses the first field that nobody has taken.
  public void end() {
    for (String key : values.keySet()) {
      if (!taken.contains(key)) {
        throw wrong(
            key, "unknown_parameter", "Unknown parameter: '%s'.".formatted(shortened(at(key))));
      }
    }
  }

  /// Returns an error about a field that is missing.
  public ApiError missing(String key) {
    return wrong(
        key, "missing_required_parameter", "Missing required parameter: '%s'.".formatted(at(key)));
  }

  /// Returns an error about a field.
  public ApiError wrong(String key, String code, String message) {
    return ApiError.invalid(shortened(at(key)), code, message);
  }

  /// Returns an error about a field of the wrong type.
  public ApiError wrongType(String key, String expected) {
    return wrongType(at(key), expected, values.get(key));
  }

  /// Returns the path of a field.
  public String at(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private @Nullable Object take(String key) {
    taken.add(key);
    return values.get(key);
  }

  private <T> Optional<T> typed(String key, Class<T> type, String expected) {
    Object value = take(key);
    if (value == null) {
      return Optional.empty();
    }
    if (!type.isInstance(value)) {
      throw wrongType(at(key), expected, value);
    }
    return Optional.of(type.cast(value));
  }

  private long inRange(String key, long value, long least, long most) {
    if (value < least || value > most) {
      throw aboveOrBelow(key, value, value > most, least, most);
    }
    return value;
  }

  private ApiError aboveOrBelow(
      String key, Number value, boolean above, Number least, Number most) {
    String kind = least instanceof Long ? "integer" : "decimal";
    return wrong(
        key,
        kind + (above ? "_above_max_value" : "_below_min_value"),
        "Invalid '%s': %s %s. Expected a value %s %s, but got %s instead."
            .formatted(
                at(key),
                kind,
                above ? "above maximum value" : "below minimum value",
                above ? "<=" : ">=",
                plain(above ? most : least),
                shortened(value.toString())));
  }

  private static String plain(Number value) {
    double number = value.doubleValue();
    return number == Math.rint(number) && Math.abs(number) < 1e15
        ? Long.toString((long) number)
        : value.toString();
  }

  private static ApiError wrongType(String path, String expected, @Nullable Object value) {
    String what = path.isEmpty() ? "the body" : "'" + shortened(path) + "'";
    return ApiError.invalid(
        path.isEmpty() ? null : shortened(path),
        "invalid_type",
        "Invalid type for %s: expected %s, but got %s instead."
            .formatted(what, expected, kind(value)));
  }

  private static String kind(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case String _ -> "a string";
      case Boolean _ -> "a boolean";
      case Long _, BigInteger _ -> "an integer";
      case Number _ -> "a decimal";
      case Map<?, ?> _ -> "an object";
      case List<?> _ -> "an array";
      default -> value.getClass().getSimpleName();
    };
  }

  private static String shortened(String text) {
    return text.length() <= 100 ? text : text.substring(0, 100) + "...";
  }
}
