package org.tokapu.base.json;

import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.ModelFormatException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultPrettyPrinter;

/// JSON as plain values: `Map<String, Object>` in file order, `List<Object>`, `String`, `Long`,
/// `BigInteger`, `Double`, `Boolean` and `null`.
///
/// Duplicate keys, trailing text and nesting deeper than 500 are errors. Thread-safe.
public final class Json {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(256 << 20)
                  .maxNameLength(1 << 20)
                  .maxNestingDepth(500)
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private Json() {}

  /// Reads one JSON value from UTF-8.
  ///
  /// @param source what is being read, for error messages
  /// @throws ModelFormatException on anything that is not one valid JSON value
  public static @Nullable Object parse(byte[] utf8, String source) {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), utf8)) {
      return whole(parser, source);
    } catch (JacksonException e) {
      throw wrong(source, e);
    }
  }

  /// Reads one JSON value from text.
  ///
  /// @param source what is being read, for error messages
  /// @throws ModelFormatException on anything that is not one valid JSON value
  public static @Nullable Object parse(String text, String source) {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      return whole(parser, source);
    } catch (JacksonException e) {
      throw wrong(source, e);
    }
  }

  /// Reads one JSON object from UTF-8.
  public static JsonObject parseObject(byte[] utf8, String source) {
    return JsonObject.of(parse(utf8, source), source, "");
  }

  /// Writes a value on one line.
  public static String write(@Nullable Object value) {
    return write(value, false);
  }

  /// Writes a value over several lines, indented by two spaces.
  public static String writePretty(@Nullable Object value) {
    return write(value, true);
  }

  private static String write(@Nullable Object value, boolean pretty) {
    StringWriter out = new StringWriter();
    ObjectWriteContext context =
        pretty
            ? new ObjectWriteContext.Base() {
              @Override
              public tools.jackson.core.PrettyPrinter getPrettyPrinter() {
                return new DefaultPrettyPrinter();
              }
            }
            : ObjectWriteContext.empty();
    try (JsonGenerator generator = FACTORY.createGenerator(context, out)) {
      write(generator, value);
    }
    return out.toString();
  }

  private static void write(JsonGenerator g, @Nullable Object value) {
    switch (value) {
      case null -> g.writeNull();
      case String s -> g.writeString(s);
      case Boolean b -> g.writeBoolean(b);
      case Integer i -> g.writeNumber(i);
      case Long l -> g.writeNumber(l);
      case Float f -> g.writeNumber(f);
      case Double d -> g.writeNumber(d);
      case BigInteger i -> g.writeNumber(i);
      case BigDecimal d -> g.writeNumber(d);
      case Map<?, ?> map -> {
        g.writeStartObject();
        map.forEach((k, v) -> {
          g.writeName(String.valueOf(k));
          write(g, v);
        });
        g.writeEndObject();
      }
      case Iterable<?> list -> {
        g.writeStartArray();
        list.forEach(v -> write(g, v));
        g.writeEndArray();
      }
      case int[] ints -> {
        g.writeStartArray();
        for (int i : ints) {
          g.writeNumber(i);
        }
        g.writeEndArray();
      }
      default -> throw new IllegalArgumentException("not a JSON value: " + value.getClass());
    }
  }

  private static @Nullable Object whole(JsonParser parser, String source) {
    JsonToken first = parser.nextToken();
    if (first == null) {
      throw new ModelFormatException(source, "JSON", "is empty");
    }
    Object value = read(parser, first);
    if (parser.nextToken() != null) {
      throw new ModelFormatException(
          source,
          "JSON",
          "has text after its end at " + parser.currentTokenLocation().offsetDescription());
    }
    return value;
  }

  private static @Nullable Object read(JsonParser parser, JsonToken token) {
    return switch (token) {
      case START_OBJECT -> {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
          map.put(name, read(parser, parser.nextToken()));
        }
        yield map;
      }
      case START_ARRAY -> {
        List<@Nullable Object> list = new ArrayList<>();
        for (JsonToken t = parser.nextToken(); t != JsonToken.END_ARRAY; t = parser.nextToken()) {
          list.add(read(parser, t));
        }
        yield list;
      }
      case VALUE_NUMBER_INT -> {
        Number n = parser.getNumberValue();
        yield n instanceof BigInteger ? n : (Number) n.longValue();
      }
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> parser.getString();
    };
  }

  private static ModelFormatException wrong(String source, JacksonException e) {
    TokenStreamLocation place = e.getLocation();
    String where = place == null ? "" : " at " + place.offsetDescription();
    return new ModelFormatException(source, "JSON", e.getOriginalMessage() + where, e);
  }
}
