package org.tokapu.assistant.store;

import com.zaxxer.hikari.HikariConfig;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.tokapu.base.TokapuException;

/// Where SQLite and PostgreSQL differ: how they are opened, and how one server at a time migrates.
/// The statements are the same.
enum Dialect {
  SQLITE {
    @Override
    void prepare(String url) throws SQLException {
      createPrivately(url.substring(SQLITE_URL.length()));
      for (int attempt = 1; ; attempt++) {
        try (Connection connection = DriverManager.getConnection(url);
            Statement statement = connection.createStatement()) {
          statement.execute("PRAGMA busy_timeout = " + BUSY_MILLIS);
          requireWal(url, statement);
          return;
        } catch (SQLException e) {
          // Two servers that start at once: the change to WAL does not wait for the lock.
          if (!DatabaseErrors.isBusy(e) || attempt == ATTEMPTS) {
            throw e;
          }
          pause();
        }
      }
    }

    @Override
    HikariConfig config(String url, boolean writes) {
      HikariConfig config = new HikariConfig();
      config.setJdbcUrl(url);
      config.setMaximumPoolSize(writes ? 1 : READERS);
      config.addDataSourceProperty("busy_timeout", String.valueOf(BUSY_MILLIS));
      // In WAL mode FULL forces the log to the disk at each commit; NORMAL would lose the last ones
      // when the power goes.
      config.addDataSourceProperty("synchronous", "FULL");
      config.addDataSourceProperty("foreign_keys", "true");
      // A transaction that reads before it writes must not find its picture outdated in between.
      config.addDataSourceProperty("transaction_mode", writes ? "IMMEDIATE" : "DEFERRED");
      // What is deleted is overwritten, too.
      config.setConnectionInitSql("PRAGMA secure_delete = ON");
      return config;
    }

    @Override
    void lockSchema(Transaction transaction) {
      // The transaction began by taking the only write lock.
    }
  },

  POSTGRESQL {
    @Override
    void prepare(String url) throws SQLException {
      DriverManager.getConnection(url).close();
    }

    @Override
    HikariConfig config(String url, boolean writes) {
      HikariConfig config = new HikariConfig();
      config.setJdbcUrl(url);
      config.setMaximumPoolSize(READERS);
      config.setMinimumIdle(1);
      config.addDataSourceProperty("ApplicationName", "tokapu");
      config.addDataSourceProperty("tcpKeepAlive", "true");
      return config;
    }

    @Override
    void lockSchema(Transaction transaction) throws SQLException {
      transaction.execute("SELECT pg_advisory_xact_lock(" + SCHEMA_LOCK + ")");
    }
  };

  static final String SQLITE_URL = "jdbc:sqlite:";
  static final String POSTGRESQL_URL = "jdbc:postgresql:";

  /// An arbitrary number that no other program is likely to lock in the same database.
  private static final long SCHEMA_LOCK = 0x746f6b617075L;

  private static final int READERS = 8;
  private static final int BUSY_MILLIS = 20_000;
  private static final int ATTEMPTS = 100;

  static Dialect of(String url) {
    if (url.startsWith(POSTGRESQL_URL)) {
      return POSTGRESQL;
    }
    if (url.startsWith(SQLITE_URL)) {
      return SQLITE;
    }
    throw new TokapuException(
        "%s is no database that is known; give the path of a file for SQLite, or %s//HOST/NAME"
            .formatted(Database.nameOf(url), POSTGRESQL_URL));
  }

  /// Creates what must be there before a pool is opened, and fails at once if nothing answers.
  abstract void prepare(String url) throws SQLException;

  /// Returns how connections are opened.
  abstract HikariConfig config(String url, boolean writes);

  /// Makes other servers wait until the transaction ends.
  abstract void lockSchema(Transaction transaction) throws SQLException;

  private static void requireWal(String url, Statement statement) throws SQLException {
    try (ResultSet mode = statement.executeQuery("PRAGMA journal_mode = WAL")) {
      if (!mode.next() || !"wal".equals(mode.getString(1))) {
        throw new TokapuException(
            "SQLite cannot keep a write-ahead log for %s; put it on a local disk"
                .formatted(Database.nameOf(url)));
      }
    }
  }

  /// SQLite gives the files beside it the permissions of this one.
  private static void createPrivately(String file) {
    try {
      Path path = Path.of(file).toAbsolutePath();
      Path folder = path.getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      if (Files.notExists(path)
          && FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
        Files.createFile(
            path,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      }
    } catch (IOException | InvalidPathException e) {
      if (e instanceof FileAlreadyExistsException && Files.isRegularFile(Path.of(file))) {
        return; // another server was faster
      }
      throw new TokapuException(
          "the database %s cannot be created (%s); give a path that may be written to"
              .formatted(file, e),
          e);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TokapuException("interrupted while the database was being opened", e);
    }
  }
}
