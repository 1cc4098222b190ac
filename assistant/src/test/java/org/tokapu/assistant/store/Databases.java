package org.tokapu.assistant.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import java.util.function.Supplier;

/// Fresh databases of every kind: a SQLite file, and one on a real PostgreSQL server, which all
/// tests of a run share.
public enum Databases {
  SQLITE {
    @Override
    public String fresh(Path folder) {
      return folder.resolve(UUID.randomUUID() + ".db").toString();
    }
  },
  POSTGRESQL {
    @Override
    public String fresh(Path folder) {
      EmbeddedPostgres server = Server.STARTED.get();
      String name = "t" + UUID.randomUUID().toString().replace("-", "");
      try (Connection connection = server.getPostgresDatabase().getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE DATABASE " + name);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
      return server.getJdbcUrl("postgres", name);
    }
  };

  /// Returns where a database is that nobody has used.
  public abstract String fresh(Path folder);

  private static final class Server {
    static final Supplier<EmbeddedPostgres> STARTED = start();

    private static Supplier<EmbeddedPostgres> start() {
      try {
        EmbeddedPostgres server =
            EmbeddedPostgres.builder().setServerConfig("max_connections", "300").start();
        return () -> server;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
