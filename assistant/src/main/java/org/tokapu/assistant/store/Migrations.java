package org.tokapu.assistant.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import org.tokapu.base.TokapuException;

/// The numbered steps from an empty database to the newest tables: `db/1.sql` and so on, each run
/// once, in one transaction, by one server at a time. A step that was released is never changed.
final class Migrations {
  private static final int NEWEST = 1;

  private Migrations() {}

  /// Runs the steps that are missing.
  ///
  /// @return the version that the tables have then
  static int run(String name, Dialect dialect, Transaction transaction) throws SQLException {
    dialect.lockSchema(transaction);
    transaction.update(
        "CREATE TABLE IF NOT EXISTS schema_versions"
            + " (version INTEGER NOT NULL PRIMARY KEY, applied BIGINT NOT NULL)");
    int version = (int) transaction.number("SELECT MAX(version) FROM schema_versions");
    if (version > NEWEST) {
      throw new TokapuException(
          ("the database %s has tables of version %d, and this program knows %d; use a newer"
                  + " program, or another database")
              .formatted(name, version, NEWEST));
    }
    for (int step = version + 1; step <= NEWEST; step++) {
      for (String statement : script(step).split(";\\s*\n")) {
        transaction.execute(statement);
      }
      transaction.update(
          "INSERT INTO schema_versions (version, applied) VALUES (?, ?)",
          step,
          System.currentTimeMillis());
    }
    return NEWEST;
  }

  private static String script(int step) {
    String resource = "db/" + step + ".sql";
    try (InputStream in = Migrations.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
