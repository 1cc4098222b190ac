package org.tokapu.assistant.store;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.tokapu.assistant.Owner;

/// One line for each answer, never changed: its sums are exactly what the answers said.
///
/// Amounts are kept as whole billionths of a currency's unit, so that sums are exact. A day is a
/// day of UTC, the same for every server. Thread-safe.
public final class Ledger {
  private static final int SCALE = 9;

  private final Database database;

  public Ledger(Database database) {
    this.database = database;
  }

  /// What some answers took together.
  ///
  /// @param owner whose they are
  /// @param day when they ended, in UTC
  /// @param answers how many there were
  public record Sum(
      Owner owner,
      LocalDate day,
      String model,
      long answers,
      long promptTokens,
      long cachedTokens,
      long completionTokens,
      Duration elapsed,
      Duration cpu,
      String currency,
      BigDecimal cost,
      BigDecimal localCost) {}

  /// Adds the line of an answer that belongs to no session.
  public void add(Owner owner, LedgerEntry entry) {
    database.write(t -> insert(t, owner, entry));
  }

  static int insert(Transaction t, Owner owner, LedgerEntry e) throws SQLException {
    return t.update(
        "INSERT INTO ledger (id, owner, session, message, model, at, day, prompt, cached,"
            + " completion, elapsed, cpu, currency, cost, local_cost)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        UUID.randomUUID().toString(),
        owner.id(),
        e.session(),
        e.message(),
        MessageText.clean(e.model()),
        e.at().toEpochMilli(),
        e.at().atZone(ZoneOffset.UTC).toLocalDate().toEpochDay(),
        e.promptTokens(),
        e.cachedTokens(),
        e.completionTokens(),
        e.elapsed().toNanos(),
        e.cpu().toNanos(),
        e.currency(),
        billionths(e.cost()),
        billionths(e.localCost()));
  }

  /// Returns an amount in billionths, rounded up where it has more places.
  static long billionths(BigDecimal amount) {
    return amount.setScale(SCALE, RoundingMode.CEILING).unscaledValue().longValueExact();
  }

  static BigDecimal amount(BigDecimal billionths) {
    return billionths.movePointLeft(SCALE).stripTrailingZeros();
  }

  /// Returns the sums by owner, day, model and currency, in that order.
  ///
  /// @param owner nothing: of all owners, which is for the operator alone
  /// @param from the first day
  /// @param to the last day
  public List<Sum> sums(Optional<Owner> owner, LocalDate from, LocalDate to) {
    String sql =
        "SELECT owner, day, model, currency, COUNT(*) AS n, SUM(prompt) AS p, SUM(cached) AS k,"
            + " SUM(completion) AS c, SUM(elapsed) AS e, SUM(cpu) AS u, SUM(cost) AS m,"
            + " SUM(local_cost) AS l FROM ledger WHERE day >= ? AND day <= ?"
            + (owner.isPresent() ? " AND owner = ?" : "")
            + " GROUP BY owner, day, model, currency ORDER BY owner, day, model, currency";
    Object[] days = {from.toEpochDay(), to.toEpochDay()};
    Object[] all = owner.isEmpty() ? days : new Object[] {days[0], days[1], owner.get().id()};
    return database.read(t -> t.list(sql, Ledger::sum, all));
  }

  private static Sum sum(ResultSet row) throws SQLException {
    return new Sum(
        new Owner(row.getString("owner")),
        LocalDate.ofEpochDay(row.getLong("day")),
        row.getString("model"),
        row.getLong("n"),
        row.getLong("p"),
        row.getLong("k"),
        row.getLong("c"),
        Duration.ofNanos(row.getLong("e")),
        Duration.ofNanos(row.getLong("u")),
        row.getString("currency"),
        amount(new BigDecimal(row.getString("m"))),
        amount(new BigDecimal(row.getString("l"))));
  }
}
