package org.tokapu.assistant.store;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.tokapu.base.TokapuException;

/// The database of sessions, keys and the ledger: a SQLite file, or a PostgreSQL server that
/// several servers may share.
///
/// What a method of a store has returned from is on the disk: SQLite keeps a write-ahead log that
/// is forced at each commit, PostgreSQL does the same by its defaults. Tables are created and
/// migrated when it is opened, by one server at a time. Thread-safe. Close it last.
public final class Database implements AutoCloseable {
  /// The pool tells of each start; only its complaints are of interest. The field keeps the setting
  /// alive.
  private static final Logger POOL = Logger.getLogger("com.zaxxer.hikari");

  private static final int ATTEMPTS = 5;

  private final String name;
  private final Dialect dialect;
  private final HikariDataSource writer;
  private final HikariDataSource reader;

  /// SQLite has one writer; whoever waits here waits in order, and not by polling.
  private final ReentrantLock writing = new ReentrantLock(true);

  private Database(String name, Dialect dialect, HikariDataSource writer, HikariDataSource reader) {
    this.name = name;
    this.dialect = dialect;
    this.writer = writer;
    this.reader = reader;
  }

  /// Opens a database, creates its tables if they are missing, and migrates older ones.
  ///
  /// @param urlOrPath a file, which is created readable by its owner alone, or
  ///   `jdbc:postgresql://HOST/NAME?user=...&password=...`
  /// @throws TokapuException if it does not answer, may not be written to, or belongs to a newer
  ///   version
  public static Database open(String urlOrPath) {
    POOL.setLevel(Level.WARNING);
    String url = urlOrPath.startsWith("jdbc:") ? urlOrPath : Dialect.SQLITE_URL + urlOrPath;
    String name = nameOf(url);
    Dialect dialect = Dialect.of(url);
    try {
      dialect.prepare(url);
    } catch (SQLException e) {
      throw DatabaseErrors.of(name, e);
    }
    HikariDataSource writer = new HikariDataSource(dialect.config(url, true));
    HikariDataSource reader =
        dialect == Dialect.SQLITE ? new HikariDataSource(dialect.config(url, false)) : writer;
    Database database = new Database(name, dialect, writer, reader);
    try {
      database.write(transaction -> Migrations.run(name, dialect, transaction));
      return database;
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  /// Returns how messages name it: without parameters, which may hold a password.
  static String nameOf(String url) {
    String plain = url.startsWith(Dialect.SQLITE_URL) ? url.substring(12) : url;
    return plain.replaceFirst("\\?.*", "").replaceFirst("//[^/@]*@", "//");
  }

  /// What happens in a transaction; may be run again after it lost against another one.
  @FunctionalInterface
  interface Work<T> {
    T in(Transaction transaction) throws SQLException;
  }

  /// Runs something that changes rows: all of it is on the disk when this returns, or none.
  <T> T write(Work<T> work) {
    boolean alone = dialect == Dialect.SQLITE;
    if (alone) {
      writing.lock();
    }
    try {
      for (int attempt = 1; ; attempt++) {
        try {
          return run(writer, work);
        } catch (SQLException e) {
          if (!DatabaseErrors.isLostRace(e) || attempt == ATTEMPTS) {
            throw DatabaseErrors.of(name, e);
          }
        }
      }
    } finally {
      if (alone) {
        writing.unlock();
      }
    }
  }

  /// Runs something that only reads.
  <T> T read(Work<T> work) {
    try {
      return run(reader, work);
    } catch (SQLException e) {
      throw DatabaseErrors.of(name, e);
    }
  }

  private static <T> T run(HikariDataSource pool, Work<T> work) throws SQLException {
    try (Connection connection = pool.getConnection()) {
      connection.setAutoCommit(false);
      try {
        T out = work.in(new Transaction(connection));
        connection.commit();
        return out;
      } catch (SQLException | RuntimeException | Error e) {
        rollBack(connection, e);
        throw e;
      }
    }
  }

  private static void rollBack(Connection connection, Throwable cause) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  /// Closes all connections. Harmless if repeated.
  @Override
  public void close() {
    reader.close();
    writer.close();
  }

  @Override
  public String toString() {
    return "Database[" + name + "]";
  }
}
