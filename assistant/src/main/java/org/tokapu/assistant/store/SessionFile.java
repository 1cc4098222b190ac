package org.tokapu.assistant.store;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tokapu.assistant.window.Strategy;
import org.tokapu.base.json.Json;
import org.tokapu.base.json.JsonObject;

/// A session as JSON: `format` is `tokapu-session`, `version` 1, then `title`, `strategy`, `head`
/// and all `messages` of all branches by their numbers. Each has `number`, `parent` (0: it begins a
/// branch), `message` (in the form of OpenAI's API), and if not 0, false or empty `tokens`,
/// `pinned`, `partial`, `details`; `created` is ISO 8601.
///
/// @param messages by their numbers; each parent comes before its children
record SessionFile(String title, Strategy strategy, long head, List<StoredMessage> messages) {
  private static final String SOURCE = "the session";
  private static final String FORMAT = "tokapu-session";
  private static final int MAX_MESSAGES = 100_000;

  Map<String, @Nullable Object> toMap() {
    List<Object> list = new ArrayList<>();
    for (StoredMessage m : messages) {
      Map<String, @Nullable Object> map = new LinkedHashMap<>();
      map.put("number", m.number());
      map.put("parent", m.parent());
      map.put("created", m.created().toString());
      map.put("message", m.body());
      map.put("tokens", m.tokens());
      map.put("pinned", m.pinned());
      map.put("partial", m.partial());
      map.put("details", m.details());
      list.add(map);
    }
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("format", FORMAT);
    map.put("version", 1L);
    map.put("title", title);
    map.put("strategy", strategy.word());
    map.put("head", head);
    map.put("messages", list);
    return map;
  }

  /// @throws org.tokapu.base.ModelFormatException if it is no session
  static SessionFile parse(String json) {
    JsonObject object = JsonObject.of(Json.parse(json, SOURCE), SOURCE, "");
    if (!object.text("format").orElse("").equals(FORMAT)) {
      throw object.wrong("format", "is not " + FORMAT);
    }
    if (object.integer("version").orElse(0) != 1) {
      throw object.wrong("version", "is not 1, the only one that is known");
    }
    List<StoredMessage> messages = new ArrayList<>();
    Set<Long> numbers = new HashSet<>(Set.of(0L));
    if (object.list("messages").size() > MAX_MESSAGES) {
      throw object.wrong("messages", "are more than " + MAX_MESSAGES);
    }
    long last = 0;
    for (JsonObject entry : object.objects("messages")) {
      StoredMessage message = message(entry);
      if (message.number() <= last) {
        throw entry.wrong("number", "does not grow from message to message");
      }
      if (!numbers.contains(message.parent())) {
        throw entry.wrong("parent", "is no earlier message");
      }
      last = message.number();
      numbers.add(last);
      messages.add(message);
    }
    long head = object.integer("head").map(Integer::longValue).orElse(last);
    if (!numbers.contains(head)) {
      throw object.wrong("head", "is no message");
    }
    return new SessionFile(
        object.text("title").orElse(""),
        Strategy.parse(object.text("strategy").orElse("truncate")),
        head,
        messages);
  }

  private static StoredMessage message(JsonObject entry) {
    JsonObject body =
        entry.object("message").orElseThrow(() -> entry.wrong("message", "is missing"));
    if (body.text("role").orElse("").isBlank()) {
      throw body.wrong("role", "is missing");
    }
    return new StoredMessage(
        entry.integer("number").orElseThrow(() -> entry.wrong("number", "is missing")),
        entry.integer("parent").orElse(0),
        body.map(),
        Math.max(0, entry.integer("tokens").orElse(0)),
        created(entry),
        entry.flag("pinned").orElse(false),
        entry.flag("partial").orElse(false),
        entry.object("details").map(JsonObject::map).orElse(Map.of()));
  }

  private static Instant created(JsonObject entry) {
    try {
      return Instant.parse(entry.text("created").orElse("1970-01-01T00:00:00Z"));
    } catch (DateTimeException e) {
      throw entry.wrong("created", "is no time such as 2026-01-01T00:00:00Z");
    }
  }
}
