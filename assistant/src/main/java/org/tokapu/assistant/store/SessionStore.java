package org.tokapu.assistant.store;

import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tokapu.assistant.Owner;
import org.tokapu.assistant.window.Strategy;
import org.tokapu.base.TokapuException;

/// The sessions of all owners.
///
/// The messages of a session form a tree: each follows a parent, and the session has a head, the
/// last message of the branch that is open. Nothing that was said is lost when a question is edited
/// or an answer is generated anew: it stays as another branch. A message that a method has returned
/// survives a crash at any later moment.
///
/// Every method that names a session of another owner, or one that has expired, behaves as if there
/// were none. Thread-safe, also across servers on one database: writers of one session take turns.
public final class SessionStore {
  private static final int MAX_ID = 200;
  private static final int MAX_TITLE = 500;

  private final Database database;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  public SessionStore(Database database) {
    this(database, Clock.systemUTC());
  }

  /// @param clock tells when something was said, and when a session expires
  public SessionStore(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /// What a new session starts with.
  ///
  /// @param id nothing: one is made up that nobody can guess
  public record Start(
      Optional<String> id, String title, Session.Settings settings, boolean temporary) {
    /// A session without title that is kept.
    public static final Start DEFAULT =
        new Start(Optional.empty(), "", Session.Settings.DEFAULT, false);

    /// Returns the same with the id that a client chose.
    public Start withId(String value) {
      return new Start(Optional.of(value), title, settings, temporary);
    }
  }

  /// Begins a session.
  ///
  /// @throws TokapuException if the owner has one of that id, or id or title are too long
  public Session create(Owner owner, Start start) {
    return database.write(t -> {
      Session session = fresh(start);
      dropExpired(t, owner, session.id());
      if (!SessionRows.insert(t, owner, session)) {
        throw new TokapuException(
            "there is a session '" + session.id() + "' already; choose another id");
      }
      return session;
    });
  }

  /// Returns the session of the id that a client chose, and begins it if there is none.
  public Session findOrCreate(Owner owner, String id, Start start) {
    return database.write(t -> {
      Session session = fresh(start.withId(id));
      dropExpired(t, owner, id);
      SessionRows.insert(t, owner, session);
      return SessionRows.find(t, owner, id, millis()).orElseThrow(() -> SessionRows.missing(id));
    });
  }

  private Session fresh(Start start) {
    Instant now = now();
    return new Session(
        checkedId(start.id().orElseGet(this::newId)),
        checkedTitle(start.title()),
        0,
        0,
        start.settings(),
        start.temporary(),
        now,
        now,
        start.settings().retention().map(now::plus));
  }

  private String newId() {
    byte[] bits = new byte[18];
    random.nextBytes(bits);
    return "sess_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
  }

  private static String checkedId(String id) {
    if (id.isBlank() || id.length() > MAX_ID || !MessageText.clean(id).equals(id)) {
      throw new TokapuException(
          "the id of a session has 1 to " + MAX_ID + " characters; choose another one");
    }
    return id;
  }

  private static String checkedTitle(String title) {
    if (title.length() > MAX_TITLE) {
      throw new TokapuException(
          "the title of a session has at most %d characters, this one has %d; shorten it"
              .formatted(MAX_TITLE, title.length()));
    }
    return MessageText.clean(title);
  }

  /// An expired session that waits for [#deleteExpired] does not block its id.
  private void dropExpired(Transaction t, Owner owner, String id) throws SQLException {
    boolean expired =
        t.number(
                "SELECT COUNT(*) FROM sessions"
                    + " WHERE owner = ? AND id = ? AND expires > 0 AND expires <= ?",
                owner.id(),
                id,
                millis())
            > 0;
    if (expired) {
      drop(t, owner.id(), id);
    }
  }

  /// Returns a session, or nothing if this owner has none of that id.
  public Optional<Session> find(Owner owner, String id) {
    return database.read(t -> SessionRows.find(t, owner, id, millis()));
  }

  /// Returns a page of the sessions that are not temporary, the last used first.
  ///
  /// @param after the `next` of the page before; nothing for the first
  public SessionPage list(Owner owner, Optional<String> after, int limit) {
    long used = Long.MAX_VALUE;
    String id = "";
    if (after.isPresent()) {
      String[] place = after.get().split(":", 2);
      if (place.length != 2 || !place[0].matches("\\d{1,18}")) {
        throw new TokapuException(
            "'" + after.get() + "' is no place in a list; take one of a page");
      }
      used = Long.parseLong(place[0]);
      id = MessageText.clean(place[1]);
    }
    return page(owner, used, id, limit);
  }

  private SessionPage page(Owner owner, long used, String id, int limit) {
    List<Session> found =
        database.read(t -> SessionRows.list(t, owner, millis(), used, id, limit + 1));
    if (found.size() <= limit) {
      return new SessionPage(found, Optional.empty());
    }
    Session last = found.get(limit - 1);
    return new SessionPage(
        List.copyOf(found.subList(0, limit)),
        Optional.of(last.used().toEpochMilli() + ":" + last.id()));
  }

  /// Gives a session another title.
  public void rename(Owner owner, String id, String title) {
    String checked = checkedTitle(title);
    change(
        id,
        "UPDATE sessions SET title = ?, title_search = ? WHERE owner = ? AND id = ?",
        checked,
        MessageText.searchable(checked),
        owner.id(),
        id);
  }

  /// Changes what happens when a session outgrows the context.
  public void strategy(Owner owner, String id, Strategy strategy) {
    change(
        id,
        "UPDATE sessions SET settings = ? WHERE owner = ? AND id = ?",
        SessionRows.settings(new Session.Settings(strategy, Optional.empty())),
        owner.id(),
        id);
  }

  private void change(String id, String sql, Object... values) {
    if (database.write(t -> t.update(sql, values)) == 0) {
      throw SessionRows.missing(id);
    }
  }

  /// Removes a session with its messages, summaries and search entries; the ledger forgets whose
  /// conversation it was, not what it cost.
  ///
  /// @return whether there was one
  public boolean delete(Owner owner, String id) {
    return database.write(t -> drop(t, owner.id(), id));
  }

  private static boolean drop(Transaction t, String owner, String id) throws SQLException {
    t.update(
        "UPDATE ledger SET session = '', message = 0 WHERE owner = ? AND session = ?", owner, id);
    return t.update("DELETE FROM sessions WHERE owner = ? AND id = ?", owner, id) == 1;
  }

  /// Removes all sessions of all owners whose time has come.
  ///
  /// @return how many there were
  public int deleteExpired() {
    return database.write(t -> {
      List<String[]> expired =
          t.list(
              "SELECT owner, id FROM sessions WHERE expires > 0 AND expires <= ?",
              row -> new String[] {row.getString(1), row.getString(2)},
              millis());
      for (String[] session : expired) {
        drop(t, session[0], session[1]);
      }
      return expired.size();
    });
  }

  /// Returns the messages of the branch that is open, the first one first.
  public List<StoredMessage> messages(Owner owner, String id) {
    return database.read(t -> {
      Session session = require(t, owner, id);
      return SessionRows.branch(SessionRows.messages(t, owner, id), session.head());
    });
  }

  /// Returns the messages of the branch that ends at `message`, the first one first; none for 0.
  public List<StoredMessage> branch(Owner owner, String id, long message) {
    return database.read(t -> {
      require(t, owner, id);
      return SessionRows.branch(SessionRows.messages(t, owner, id), message);
    });
  }

  /// Returns the messages of all branches by their numbers.
  public List<StoredMessage> tree(Owner owner, String id) {
    return database.read(t -> {
      require(t, owner, id);
      return SessionRows.messages(t, owner, id);
    });
  }

  private Session require(Transaction t, Owner owner, String id) throws SQLException {
    return SessionRows.find(t, owner, id, millis()).orElseThrow(() -> SessionRows.missing(id));
  }

  /// Adds messages behind the head, which moves to the last of them.
  public List<StoredMessage> append(Owner owner, String id, List<NewMessage> messages) {
    return database.write(t -> {
      SessionRows.Standing at = SessionRows.take(t, owner, id, messages.size(), millis());
      return add(t, owner, id, at, at.head(), messages);
    });
  }

  /// Adds messages behind any message, and opens the branch that they end.
  ///
  /// @param parent 0: they begin the conversation anew
  public List<StoredMessage> branchOff(
      Owner owner, String id, long parent, List<NewMessage> messages) {
    return database.write(t -> {
      SessionRows.Standing at = SessionRows.take(t, owner, id, messages.size(), millis());
      requireMessage(t, owner, id, parent);
      return add(t, owner, id, at, parent, messages);
    });
  }

  /// Adds an answer behind the message that it answers, together with its line of the ledger. The
  /// head moves to it if it still is that message; else the answer stands beside what was added
  /// meanwhile. If the session is gone, the ledger alone remembers.
  ///
  /// @return the answer, or nothing if the session is gone
  public Optional<StoredMessage> answer(
      Owner owner, String id, long parent, NewMessage answer, LedgerEntry entry) {
    return database.write(t -> {
      Optional<Session> session = SessionRows.find(t, owner, id, millis());
      boolean there = session.isPresent() && SessionRows.message(t, owner, id, parent).isPresent();
      if (!there) {
        Ledger.insert(t, owner, entry.forMessage("", 0));
        return Optional.empty();
      }
      SessionRows.Standing at = SessionRows.take(t, owner, id, 1, millis());
      StoredMessage stored = stored(at.last() + 1, parent, answer);
      SessionRows.insert(t, owner, id, at.temporary(), List.of(stored));
      if (at.head() == parent) {
        SessionRows.head(t, owner, id, stored.number());
      }
      Ledger.insert(t, owner, entry.forMessage(id, stored.number()));
      return Optional.of(stored);
    });
  }

  private List<StoredMessage> add(
      Transaction t,
      Owner owner,
      String id,
      SessionRows.Standing at,
      long parent,
      List<NewMessage> messages)
      throws SQLException {
    List<StoredMessage> out = new ArrayList<>();
    long before = parent;
    for (NewMessage message : messages) {
      StoredMessage stored = stored(at.last() + 1 + out.size(), before, message);
      out.add(stored);
      before = stored.number();
    }
    SessionRows.insert(t, owner, id, at.temporary(), out);
    SessionRows.head(t, owner, id, before);
    return out;
  }

  private StoredMessage stored(long number, long parent, NewMessage m) {
    return new StoredMessage(
        number,
        parent,
        MessageText.parse(MessageText.json(m.body())),
        m.tokens(),
        now(),
        false,
        m.partial(),
        MessageText.parse(MessageText.json(m.details())));
  }

  private static void requireMessage(Transaction t, Owner owner, String id, long number)
      throws SQLException {
    if (number != 0 && SessionRows.message(t, owner, id, number).isEmpty()) {
      throw noMessage(id, number);
    }
  }

  private static TokapuException noMessage(String id, long number) {
    return new TokapuException("there is no message " + number + " in the session '" + id + "'");
  }

  /// Takes messages back that were not answered: removes the newest messages of a branch.
  ///
  /// @param first the first to go; it and all that follow it
  public void retract(Owner owner, String id, long first) {
    database.write(t -> {
      SessionRows.Standing at = SessionRows.take(t, owner, id, 0, millis());
      StoredMessage root =
          SessionRows.message(t, owner, id, first).orElseThrow(() -> noMessage(id, first));
      List<Long> gone = new ArrayList<>(List.of(first));
      for (StoredMessage message : SessionRows.messages(t, owner, id)) {
        if (gone.contains(message.parent())) {
          gone.add(message.number());
        }
      }
      for (long number : gone) {
        t.update(
            "DELETE FROM messages WHERE owner = ? AND session = ? AND number = ?",
            owner.id(),
            id,
            number);
      }
      if (gone.contains(at.head())) {
        SessionRows.head(t, owner, id, root.parent());
      }
      return gone.size();
    });
  }

  /// Opens the branch that ends at a message.
  public void activate(Owner owner, String id, long message) {
    database.write(t -> {
      SessionRows.take(t, owner, id, 0, millis());
      requireMessage(t, owner, id, message);
      SessionRows.head(t, owner, id, message);
      return message;
    });
  }

  /// Opens the newest branch that goes through a message, to its end.
  ///
  /// @return the message at its end
  public long activateThrough(Owner owner, String id, long message) {
    return database.write(t -> {
      SessionRows.take(t, owner, id, 0, millis());
      requireMessage(t, owner, id, message);
      Map<Long, Long> newestChild = new HashMap<>();
      SessionRows.messages(t, owner, id)
          .forEach(child -> newestChild.merge(child.parent(), child.number(), Math::max));
      long head = message;
      for (Long next = newestChild.get(head); next != null; next = newestChild.get(head)) {
        head = next; // a child's number is larger: this ends
      }
      SessionRows.head(t, owner, id, head);
      return head;
    });
  }

  /// Begins a session with a copy of the branch that ends at a message.
  ///
  /// @return the new session
  public Session fork(Owner owner, String id, long message) {
    return database.write(t -> {
      Session from = require(t, owner, id);
      requireMessage(t, owner, id, message);
      List<StoredMessage> branch = SessionRows.branch(SessionRows.messages(t, owner, id), message);
      Start start = new Start(Optional.empty(), from.title(), from.settings(), from.temporary());
      return copy(t, owner, start, message, branch);
    });
  }

  /// Returns a session with all branches as plain JSON values; see [#importFrom].
  public Map<String, @Nullable Object> export(Owner owner, String id) {
    return database.read(t -> {
      Session session = require(t, owner, id);
      return new SessionFile(
              session.title(),
              session.settings().strategy(),
              session.head(),
              SessionRows.messages(t, owner, id))
          .toMap();
    });
  }

  /// Begins a session with what [#export] gave.
  ///
  /// @throws TokapuException if it is no session
  public Session importFrom(Owner owner, String json) {
    SessionFile file = SessionFile.parse(json);
    Session.Settings settings = new Session.Settings(file.strategy(), Optional.empty());
    Start start = new Start(Optional.empty(), file.title(), settings, false);
    return database.write(t -> copy(t, owner, start, file.head(), file.messages()));
  }

  private Session copy(
      Transaction t, Owner owner, Start start, long head, List<StoredMessage> messages)
      throws SQLException {
    Session session = fresh(start);
    SessionRows.insert(t, owner, session);
    long last = messages.isEmpty() ? 0 : messages.getLast().number();
    t.update(
        "UPDATE sessions SET head = ?, last_message = ? WHERE owner = ? AND id = ?",
        head,
        last,
        owner.id(),
        session.id());
    SessionRows.insert(t, owner, session.id(), start.temporary(), messages);
    return SessionRows.find(t, owner, session.id(), millis()).orElse(session);
  }

  /// Returns where all words of a query stand together in a message or a title, the sessions last
  /// used first. Words are found inside of other words, too; case and the way in which Hangul is
  /// composed do not matter.
  public List<SearchHit> search(Owner owner, String query, int limit) {
    return database.read(t -> SessionSearch.find(t, owner, query, limit, millis()));
  }

  /// Makes a message stay in the window, or leave it as others do.
  public void pin(Owner owner, String id, long message, boolean pinned) {
    int changed =
        database.write(t -> {
          require(t, owner, id);
          return t.update(
              "UPDATE messages SET pinned = ? WHERE owner = ? AND session = ? AND number = ?",
              pinned,
              owner.id(),
              id,
              message);
        });
    if (changed == 0) {
      throw noMessage(id, message);
    }
  }

  private Instant now() {
    return Instant.ofEpochMilli(millis());
  }

  private long millis() {
    return clock.millis();
  }
}
