package org.tokapu.assistant.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Statements that happen together or not at all.
final class Transaction {
  private final Connection connection;

  Transaction(Connection connection) {
    this.connection = connection;
  }

  /// Reads one row.
  @FunctionalInterface
  interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  /// Runs a statement that changes something.
  ///
  /// @return how many rows it changed
  int update(String sql, Object... values) throws SQLException {
    try (PreparedStatement statement = prepare(sql, values)) {
      return statement.executeUpdate();
    }
  }

  /// Runs a statement that may or may not return rows, and looks at none.
  void execute(String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.execute();
    }
  }

  /// Runs one statement for many rows of values.
  void updateAll(String sql, List<Object[]> rows) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (Object[] values : rows) {
        set(statement, values);
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  <T> List<T> list(String sql, RowReader<T> reader, Object... values) throws SQLException {
    try (PreparedStatement statement = prepare(sql, values);
        ResultSet rows = statement.executeQuery()) {
      List<T> out = new ArrayList<>();
      while (rows.next()) {
        out.add(reader.read(rows));
      }
      return out;
    }
  }

  <T> Optional<T> first(String sql, RowReader<T> reader, Object... values) throws SQLException {
    List<T> found = list(sql, reader, values);
    return found.isEmpty() ? Optional.empty() : Optional.of(found.getFirst());
  }

  /// Returns the number in the first column of the first row; 0 if there is none.
  long number(String sql, Object... values) throws SQLException {
    return first(sql, row -> row.getLong(1), values).orElse(0L);
  }

  private PreparedStatement prepare(String sql, Object... values) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    try {
      set(statement, values);
      return statement;
    } catch (SQLException | RuntimeException e) {
      statement.close();
      throw e;
    }
  }

  private static void set(PreparedStatement statement, Object[] values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      switch (values[i]) {
        case Long n -> statement.setLong(i + 1, n);
        case Integer n -> statement.setInt(i + 1, n);
        case Boolean b -> statement.setInt(i + 1, b ? 1 : 0);
        case String s -> statement.setString(i + 1, s);
        default -> throw new IllegalArgumentException("no column holds " + values[i].getClass());
      }
    }
  }
}
