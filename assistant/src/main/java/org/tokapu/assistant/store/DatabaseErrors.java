package org.tokapu.assistant.store;

import java.sql.SQLException;
import org.tokapu.base.OutOfCapacityException;
import org.tokapu.base.TokapuException;

/// What errors of a database mean, and what helps.
///
/// SQLite's result codes: <https://sqlite.org/rescode.html>; PostgreSQL's SQLSTATE:
/// <https://www.postgresql.org/docs/18/errcodes-appendix.html>.
final class DatabaseErrors {
  private static final int SQLITE_BUSY = 5;
  private static final int SQLITE_LOCKED = 6;
  private static final int SQLITE_READONLY = 8;
  private static final int SQLITE_IOERR = 10;
  private static final int SQLITE_CORRUPT = 11;
  private static final int SQLITE_FULL = 13;
  private static final int SQLITE_CANTOPEN = 14;
  private static final int SQLITE_NOTADB = 26;

  private DatabaseErrors() {}

  /// Returns whether another process holds SQLite's lock.
  static boolean isBusy(SQLException e) {
    int code = code(e);
    return code == SQLITE_BUSY || code == SQLITE_LOCKED;
  }

  /// Returns whether the same transaction would succeed if it were run again: it lost against
  /// another one.
  static boolean isLostRace(SQLException e) {
    return "40001".equals(e.getSQLState()) || "40P01".equals(e.getSQLState());
  }

  static TokapuException of(String database, SQLException e) {
    String state = e.getSQLState();
    return state == null || !state.matches("[0-9A-Z]{5}")
        ? ofCode(database, e)
        : ofState(database, state, e);
  }

  /// The lower eight bits of what SQLite reports.
  private static int code(SQLException e) {
    return e.getErrorCode() & 0xff;
  }

  private static TokapuException ofCode(String database, SQLException e) {
    return switch (code(e)) {
      case SQLITE_BUSY, SQLITE_LOCKED ->
          wrong(database, "is held by another process; stop that, or use PostgreSQL", e);
      case SQLITE_READONLY ->
          wrong(database, "may not be written to; check the permissions of file and folder", e);
      case SQLITE_FULL -> full(database, e);
      case SQLITE_IOERR -> wrong(database, "cannot be read or written; check the disk", e);
      case SQLITE_CANTOPEN ->
          wrong(database, "cannot be opened; check the path and its permissions", e);
      case SQLITE_CORRUPT -> wrong(database, "is damaged; restore a copy of it", e);
      case SQLITE_NOTADB -> wrong(database, "is no SQLite database; give another path", e);
      default -> wrong(database, "failed", e);
    };
  }

  private static TokapuException ofState(String database, String state, SQLException e) {
    return switch (state.substring(0, 2)) {
      case "08" -> wrong(database, "does not answer; check host, port and network", e);
      case "28" -> wrong(database, "refuses user or password; check both", e);
      case "3D" -> wrong(database, "does not exist; create it with createdb", e);
      case "25" -> wrong(database, "is read-only; name the primary server", e);
      case "42" ->
          wrong(database, "refuses a statement; the user needs the right to create tables", e);
      case "53" ->
          switch (state) {
            case "53100" -> full(database, e);
            case "53300" -> wrong(database, "has too many connections; allow more of them", e);
            default -> wrong(database, "has no room left; free some memory or disk", e);
          };
      case "57" -> wrong(database, "is starting or stopping; try again", e);
      default -> wrong(database, "failed", e);
    };
  }

  private static TokapuException full(String database, SQLException e) {
    OutOfCapacityException out =
        new OutOfCapacityException(
            "the disk of the database %s is full; free some space, nothing of this was stored (%s)"
                .formatted(database, e.getMessage()));
    out.initCause(e);
    return out;
  }

  private static TokapuException wrong(String database, String problem, SQLException e) {
    return new TokapuException(
        "the database %s %s (%s)".formatted(database, problem, e.getMessage()), e);
  }
}
