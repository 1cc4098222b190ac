package org.tokapu.assistant.store;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.tokapu.assistant.Owner;
import org.tokapu.assistant.Quota;

/// Lets requests in as long as quotas allow.
///
/// Tokens and money of a day are counted by the ledger, and what running requests may still use is
/// reserved in the database: the limits hold however many requests and servers there are. Requests
/// a minute are counted by each server by itself. A day is one of UTC. Thread-safe.
public final class Quotas {
  private static final Duration RESERVED = Duration.ofHours(1);

  private final Database database;
  private final Clock clock;
  private final RequestRates rates = new RequestRates();

  public Quotas(Database database) {
    this(database, Clock.systemUTC());
  }

  /// @param clock tells minutes and days
  public Quotas(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /// Lets a request in and reserves what it may use at most.
  ///
  /// @param tokens of prompt and answer
  /// @param cost of these
  /// @throws QuotaExceededException if one of the limits would be passed
  public Admission admit(Owner owner, Quota quota, long tokens, BigDecimal cost) {
    long now = clock.millis();
    Optional<Admission.Level> requests =
        quota.requestsPerMinute().map(limit -> rates.take(owner, limit, now));
    return database.write(t -> {
      // Takes the key's row: requests of one key are admitted one after another, on any server.
      t.update("UPDATE api_keys SET used = ? WHERE id = ?", now, owner.id());
      if (quota.tokensPerDay().isEmpty() && quota.moneyPerDay().isEmpty()) {
        return new Admission("", requests, Optional.empty());
      }
      return reserve(t, new Asked(owner, quota, tokens, Ledger.billionths(cost), now), requests);
    });
  }

  private record Asked(Owner owner, Quota quota, long tokens, long cost, long now) {
    long day() {
      return Instant.ofEpochMilli(now).atZone(ZoneOffset.UTC).toLocalDate().toEpochDay();
    }

    Duration untilTomorrow() {
      return Duration.ofMillis(Duration.ofDays(day() + 1).toMillis() - now);
    }
  }

  private static Admission reserve(Transaction t, Asked asked, Optional<Admission.Level> requests)
      throws SQLException {
    String owner = asked.owner.id();
    t.update("DELETE FROM reservations WHERE owner = ? AND expires <= ?", owner, asked.now);
    long tokens = used(t, asked, "prompt + completion", "tokens");
    long money = used(t, asked, "cost", "cost");
    Quota quota = asked.quota;
    if (quota.tokensPerDay().isPresent() && tokens + asked.tokens > quota.tokensPerDay().get()) {
      throw new QuotaExceededException(
          ("this key may use %d tokens a day and has used or reserved %d; this request may use %d;"
                  + " ask for less, or wait until midnight UTC")
              .formatted(quota.tokensPerDay().get(), tokens, asked.tokens),
          asked.untilTomorrow());
    }
    long most = quota.moneyPerDay().map(Ledger::billionths).orElse(Long.MAX_VALUE);
    if (asked.cost > most - money) {
      throw new QuotaExceededException(
          "this key may spend %s a day, which this request would pass; wait until midnight UTC"
              .formatted(quota.moneyPerDay().orElse(BigDecimal.ZERO).toPlainString()),
          asked.untilTomorrow());
    }
    String id = UUID.randomUUID().toString();
    t.update(
        "INSERT INTO reservations (id, owner, day, tokens, cost, expires)"
            + " VALUES (?, ?, ?, ?, ?, ?)",
        id,
        owner,
        asked.day(),
        asked.tokens,
        asked.cost,
        asked.now + RESERVED.toMillis());
    return new Admission(
        id,
        requests,
        quota
            .tokensPerDay()
            .map(limit ->
                new Admission.Level(limit, limit - tokens - asked.tokens, asked.untilTomorrow())));
  }

  /// Returns what the ledger and the reservations of today say.
  private static long used(Transaction t, Asked asked, String inLedger, String inReservations)
      throws SQLException {
    return t.number(
            "SELECT COALESCE(SUM(" + inLedger + "), 0) FROM ledger WHERE owner = ? AND day = ?",
            asked.owner.id(),
            asked.day())
        + t.number(
            "SELECT COALESCE(SUM("
                + inReservations
                + "), 0) FROM reservations WHERE owner = ? AND day = ?",
            asked.owner.id(),
            asked.day());
  }

  /// Gives back what was reserved: the answer is in the ledger, or there is none. Harmless if
  /// repeated.
  public void settle(Admission admission) {
    if (!admission.reservation().isEmpty()) {
      database.write(
          t -> t.update("DELETE FROM reservations WHERE id = ?", admission.reservation()));
    }
  }
}
