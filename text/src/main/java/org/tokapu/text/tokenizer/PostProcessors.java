package org.tokapu.text.tokenizer;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.json.JsonObject;

/// Reads the `post_processor` of a `tokenizer.json`: which ids it puts around a single text.
final class PostProcessors {
  private PostProcessors() {}

  /// The ids in front of a text and behind it.
  record Around(int[] before, int[] after) {
    static final Around NOTHING = new Around(new int[0], new int[0]);
  }

  static Around parse(@Nullable JsonObject json, int vocabularySize) {
    if (json == null) {
      return Around.NOTHING;
    }
    String type = json.text("type").orElse("");
    return switch (type) {
      case "ByteLevel" -> Around.NOTHING;
      case "Sequence" -> sequence(json, vocabularySize);
      case "TemplateProcessing" -> template(json, vocabularySize);
      case "BertProcessing", "RobertaProcessing" ->
          new Around(
              new int[] {named(json, "cls", vocabularySize)},
              new int[] {named(json, "sep", vocabularySize)});
      default -> throw json.wrong("type", "is an unknown post-processor: \"" + type + "\"");
    };
  }

  private static Around sequence(JsonObject json, int vocabularySize) {
    List<Integer> before = new ArrayList<>();
    List<Integer> after = new ArrayList<>();
    for (JsonObject one : json.objects("processors")) {
      Around around = parse(one, vocabularySize);
      // A later step goes around what the earlier ones have made.
      for (int i = around.before().length - 1; i >= 0; i--) {
        before.addFirst(around.before()[i]);
      }
      for (int id : around.after()) {
        after.add(id);
      }
    }
    return around(before, after);
  }

  private static Around template(JsonObject json, int vocabularySize) {
    List<Integer> before = new ArrayList<>();
    List<Integer> after = new ArrayList<>();
    boolean seen = false;
    JsonObject tokens =
        json.object("special_tokens").orElseThrow(() -> json.wrong("special_tokens", "is missing"));
    for (JsonObject item : json.objects("single")) {
      if (item.has("Sequence")) {
        if (seen) {
          throw json.wrong("single", "holds the text twice");
        }
        seen = true;
        continue;
      }
      String name =
          item.object("SpecialToken")
              .flatMap(t -> t.text("id"))
              .orElseThrow(() -> json.wrong("single", "holds neither a Sequence nor a token"));
      JsonObject token =
          tokens
              .object(name)
              .orElseThrow(() -> json.wrong("single", "names an unknown token: " + name));
      for (Object id : token.list("ids")) {
        if (!(id instanceof Long number) || number < 0 || number >= vocabularySize) {
          throw token.wrong("ids", "should hold ids of the vocabulary, holds " + id);
        }
        (seen ? after : before).add(number.intValue());
      }
    }
    if (!seen) {
      throw json.wrong("single", "leaves the text out");
    }
    return around(before, after);
  }

  private static int named(JsonObject json, String key, int vocabularySize) {
    List<@Nullable Object> pair = json.list(key);
    if (pair.size() == 2 && pair.get(1) instanceof Long id && id >= 0 && id < vocabularySize) {
      return id.intValue();
    }
    throw json.wrong(key, "should be a token and its id");
  }

  private static Around around(List<Integer> before, List<Integer> after) {
    return new Around(
        before.stream().mapToInt(Integer::intValue).toArray(),
        after.stream().mapToInt(Integer::intValue).toArray());
  }
}
