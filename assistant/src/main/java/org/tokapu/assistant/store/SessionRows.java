package org.tokapu.assistant.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tokapu.assistant.Owner;
import org.tokapu.assistant.window.Strategy;
import org.tokapu.base.TokapuException;

/// The statements about sessions and messages that several operations share. Each runs in the
/// transaction that it is given.
final class SessionRows {
  private static final String SESSION =
      "SELECT id, title, head, settings, temporary, retention, created, used, expires,"
          + " (SELECT COUNT(*) FROM messages m WHERE m.owner = s.owner AND m.session = s.id) AS n"
          + " FROM sessions s WHERE owner = ? AND (expires = 0 OR expires > ?)";
  private static final String MESSAGE =
      "SELECT number, parent, body, details, tokens, created, pinned, partial FROM messages"
          + " WHERE owner = ? AND session = ?";
  private static final String INSERT_MESSAGE =
      "INSERT INTO messages (owner, session, number, parent, role, body, details, tokens, created,"
          + " pinned, partial) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
  private static final String INSERT_SEARCH =
      "INSERT INTO searches (owner, session, number, body) VALUES (?, ?, ?, ?)";

  private SessionRows() {}

  /// Where a session stands when something is added to it.
  record Standing(long head, long last, boolean temporary) {}

  static TokapuException missing(String id) {
    return new TokapuException("there is no session '" + MessageText.clean(id) + "'");
  }

  static boolean insert(Transaction t, Owner owner, Session session) throws SQLException {
    return t.update(
            "INSERT INTO sessions (owner, id, title, title_search, head, last_message, settings,"
                + " temporary, retention, created, used, expires)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (owner, id) DO NOTHING",
            owner.id(),
            session.id(),
            session.title(),
            MessageText.searchable(session.title()),
            session.head(),
            0L,
            settings(session.settings()),
            session.temporary(),
            session.settings().retention().map(Duration::toMillis).orElse(0L),
            session.created().toEpochMilli(),
            session.used().toEpochMilli(),
            session.expires().map(Instant::toEpochMilli).orElse(0L))
        == 1;
  }

  static String settings(Session.Settings settings) {
    return MessageText.json(Map.of("strategy", settings.strategy().word()));
  }

  static Optional<Session> find(Transaction t, Owner owner, String id, long now)
      throws SQLException {
    return t.first(SESSION + " AND id = ?", SessionRows::session, owner.id(), now, id);
  }

  static List<Session> list(Transaction t, Owner owner, long now, long used, String id, int limit)
      throws SQLException {
    return t.list(
        SESSION
            + " AND temporary = 0 AND (used < ? OR (used = ? AND id < ?))"
            + " ORDER BY used DESC, id DESC LIMIT ?",
        SessionRows::session,
        owner.id(),
        now,
        used,
        used,
        id,
        limit);
  }

  private static Session session(ResultSet row) throws SQLException {
    Object strategy = MessageText.parse(row.getString("settings")).get("strategy");
    return new Session(
        row.getString("id"),
        row.getString("title"),
        row.getLong("head"),
        row.getLong("n"),
        new Session.Settings(
            Strategy.parse(String.valueOf(strategy)),
            some(row.getLong("retention")).map(Duration::ofMillis)),
        row.getInt("temporary") != 0,
        Instant.ofEpochMilli(row.getLong("created")),
        Instant.ofEpochMilli(row.getLong("used")),
        some(row.getLong("expires")).map(Instant::ofEpochMilli));
  }

  private static Optional<Long> some(long number) {
    return number == 0 ? Optional.empty() : Optional.of(number);
  }

  static List<StoredMessage> messages(Transaction t, Owner owner, String id) throws SQLException {
    return t.list(MESSAGE + " ORDER BY number", SessionRows::message, owner.id(), id);
  }

  static Optional<StoredMessage> message(Transaction t, Owner owner, String id, long number)
      throws SQLException {
    return t.first(MESSAGE + " AND number = ?", SessionRows::message, owner.id(), id, number);
  }

  private static StoredMessage message(ResultSet row) throws SQLException {
    return new StoredMessage(
        row.getLong("number"),
        row.getLong("parent"),
        MessageText.parse(row.getString("body")),
        row.getInt("tokens"),
        Instant.ofEpochMilli(row.getLong("created")),
        row.getInt("pinned") != 0,
        row.getInt("partial") != 0,
        MessageText.parse(row.getString("details")));
  }

  /// Returns the branch that ends at `head`, its first message first.
  static List<StoredMessage> branch(List<StoredMessage> all, long head) {
    Map<Long, StoredMessage> byNumber = new HashMap<>();
    all.forEach(message -> byNumber.put(message.number(), message));
    List<StoredMessage> out = new ArrayList<>();
    StoredMessage at = byNumber.get(head);
    while (at != null) { // a parent's number is smaller: this ends
      out.add(at);
      at = byNumber.get(at.parent());
    }
    Collections.reverse(out);
    return out;
  }

  /// Takes the session for this transaction, so that writers come one after another, and gives it
  /// `count` more numbers.
  ///
  /// @throws TokapuException if there is no such session
  static Standing take(Transaction t, Owner owner, String id, int count, long now)
      throws SQLException {
    int found =
        t.update(
            "UPDATE sessions SET last_message = last_message + ?, used = ?,"
                + " expires = CASE WHEN retention = 0 THEN 0 ELSE retention + ? END"
                + " WHERE owner = ? AND id = ? AND (expires = 0 OR expires > ?)",
            count,
            now,
            now,
            owner.id(),
            id,
            now);
    if (found == 0) {
      throw missing(id);
    }
    return t.first(
            "SELECT head, last_message, temporary FROM sessions WHERE owner = ? AND id = ?",
            row -> new Standing(row.getLong(1), row.getLong(2) - count, row.getInt(3) != 0),
            owner.id(),
            id)
        .orElseThrow(() -> missing(id));
  }

  static void head(Transaction t, Owner owner, String id, long head) throws SQLException {
    t.update("UPDATE sessions SET head = ? WHERE owner = ? AND id = ?", head, owner.id(), id);
  }

  static void insert(
      Transaction t, Owner owner, String id, boolean temporary, List<StoredMessage> messages)
      throws SQLException {
    List<Object[]> rows = new ArrayList<>();
    List<Object[]> searches = new ArrayList<>();
    for (StoredMessage m : messages) {
      rows.add(
          new Object[] {
            owner.id(),
            id,
            m.number(),
            m.parent(),
            MessageText.clean(m.role()),
            MessageText.json(m.body()),
            MessageText.json(m.details()),
            m.tokens(),
            m.created().toEpochMilli(),
            m.pinned(),
            m.partial()
          });
      String text = MessageText.searchable(m.text());
      if (!temporary && !text.isBlank()) {
        searches.add(new Object[] {owner.id(), id, m.number(), text});
      }
    }
    t.updateAll(INSERT_MESSAGE, rows);
    t.updateAll(INSERT_SEARCH, searches);
  }
}
