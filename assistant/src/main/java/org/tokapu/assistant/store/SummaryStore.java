package org.tokapu.assistant.store;

import java.time.Clock;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.tokapu.assistant.Owner;
import org.tokapu.assistant.window.Summary;
import org.tokapu.base.json.Json;

/// The summaries of sessions, which stand for messages that have left the window. They go with
/// their session. Thread-safe.
public final class SummaryStore {
  private final Database database;
  private final Clock clock;

  /// @param clock tells when a summary was made
  public SummaryStore(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /// Keeps a summary; an older one that reaches as far is replaced. Does nothing if the session is
  /// gone.
  public void keep(Owner owner, String session, Summary summary) {
    TreeSet<Long> covers = new TreeSet<>(summary.covers());
    database.write(t -> {
      long now = clock.millis();
      if (SessionRows.find(t, owner, session, now).isEmpty()) {
        return 0;
      }
      return t.update(
          "INSERT INTO summaries (owner, session, until, covers, body, created)"
              + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (owner, session, until)"
              + " DO UPDATE SET covers = excluded.covers, body = excluded.body",
          owner.id(),
          session,
          covers.last(),
          Json.write(covers),
          MessageText.clean(summary.text()),
          now);
    });
  }

  /// Returns the summary that stands for most messages of a branch, and for none outside of it.
  public Optional<Summary> find(Owner owner, String session, List<Long> branch) {
    Set<Long> numbers = new HashSet<>(branch);
    return database
        .read(t ->
            t.list(
                "SELECT body, covers FROM summaries WHERE owner = ? AND session = ?",
                row -> new Summary(row.getString(1), numbers(row.getString(2))),
                owner.id(),
                session))
        .stream()
        .filter(summary -> numbers.containsAll(summary.covers()))
        .max(Comparator.comparingInt(summary -> summary.covers().size()));
  }

  private static Set<Long> numbers(String json) {
    Set<Long> out = new HashSet<>();
    if (Json.parse(json, "the database") instanceof List<?> list) {
      list.forEach(number -> out.add(((Number) number).longValue()));
    }
    return out;
  }
}
