package org.tokapu.assistant.store;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.tokapu.assistant.Quota;
import org.tokapu.assistant.Scope;
import org.tokapu.base.TokapuException;

/// The keys that open the service: `tk-` and 256 random bits in base64url.
///
/// Only their SHA-256 is kept: with so many random bits there is nothing to guess, so that a slow
/// hash would protect nothing. A key is found by its hash, which takes the same time whatever part
/// of a wrong key is right. Thread-safe, also across servers on one database: a key that was
/// revoked opens nothing from then on, anywhere.
public final class ApiKeys {
  private static final String PREFIX = "tk-";
  private static final int BYTES = 32;
  private static final int HINT = 7;
  private static final Pattern FORM = Pattern.compile("tk-[A-Za-z0-9_-]{43}");
  private static final String SELECT =
      "SELECT id, hash, hint, name, scopes, requests_per_minute, tokens_per_day, money_per_day,"
          + " created, revoked, used FROM api_keys";

  private final Database database;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  public ApiKeys(Database database) {
    this(database, Clock.systemUTC());
  }

  /// @param clock tells when keys are made and revoked
  public ApiKeys(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /// A key that was just made.
  ///
  /// @param secret what a client sends; it is shown this once and can never be shown again
  public record Created(ApiKey key, String secret) {
    @Override
    public String toString() {
      return "Created[" + key + "]";
    }
  }

  /// Makes a key.
  ///
  /// @throws TokapuException if it would open nothing
  public Created add(String name, Set<Scope> scopes, Quota quota) {
    if (scopes.isEmpty()) {
      throw new TokapuException("a key without scopes opens nothing; name chat, admin or both");
    }
    byte[] bits = new byte[BYTES];
    random.nextBytes(bits);
    String secret = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
    byte[] id = new byte[9];
    random.nextBytes(id);
    ApiKey key =
        new ApiKey(
            "key_" + HexFormat.of().formatHex(id),
            MessageText.clean(name),
            secret.substring(0, HINT),
            Set.copyOf(scopes),
            quota,
            Instant.ofEpochMilli(clock.millis()),
            Optional.empty(),
            Optional.empty());
    database.write(t -> insert(t, key, hash(secret)));
    return new Created(key, secret);
  }

  private static int insert(Transaction t, ApiKey key, String hash) throws SQLException {
    return t.update(
        "INSERT INTO api_keys (id, hash, hint, name, scopes, requests_per_minute, tokens_per_day,"
            + " money_per_day, created, revoked, used)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0)",
        key.id(),
        hash,
        key.hint(),
        key.name(),
        key.scopes().stream().sorted().map(Scope::word).collect(Collectors.joining(" ")),
        key.quota().requestsPerMinute().orElse(0L),
        key.quota().tokensPerDay().orElse(0L),
        key.quota().moneyPerDay().map(Ledger::billionths).orElse(0L),
        key.created().toEpochMilli());
  }

  /// Returns the key that a client sent, or nothing if there is none or it was revoked.
  public Optional<ApiKey> find(String secret) {
    if (!FORM.matcher(secret).matches()) {
      return Optional.empty();
    }
    String hash = hash(secret);
    return database
        .read(t -> t.first(SELECT + " WHERE hash = ?", ApiKeys::hashed, hash))
        .filter(found -> same(found.hash, hash))
        .map(Hashed::key)
        .filter(key -> key.revoked().isEmpty());
  }

  /// Returns all keys, the revoked ones too, the newest first.
  public List<ApiKey> list() {
    return database
        .read(t -> t.list(SELECT + " ORDER BY created DESC, id", ApiKeys::hashed))
        .stream()
        .map(Hashed::key)
        .toList();
  }

  /// Makes a key open nothing any more.
  ///
  /// @return whether there was one of that id that was open
  public boolean revoke(String id) {
    return database.write(t ->
        t.update(
            "UPDATE api_keys SET revoked = ? WHERE id = ? AND revoked = 0", clock.millis(), id))
        == 1;
  }

  private record Hashed(ApiKey key, String hash) {}

  private static Hashed hashed(ResultSet row) throws SQLException {
    EnumSet<Scope> scopes = EnumSet.noneOf(Scope.class);
    Arrays.stream(row.getString("scopes").split(" ")).map(Scope::parse).forEach(scopes::add);
    Quota quota =
        new Quota(
            some(row.getLong("requests_per_minute")),
            some(row.getLong("tokens_per_day")),
            some(row.getLong("money_per_day")).map(n -> Ledger.amount(BigDecimal.valueOf(n))));
    ApiKey key =
        new ApiKey(
            row.getString("id"),
            row.getString("name"),
            row.getString("hint"),
            Set.copyOf(scopes),
            quota,
            Instant.ofEpochMilli(row.getLong("created")),
            some(row.getLong("revoked")).map(Instant::ofEpochMilli),
            some(row.getLong("used")).map(Instant::ofEpochMilli));
    return new Hashed(key, row.getString("hash"));
  }

  private static Optional<Long> some(long number) {
    return number == 0 ? Optional.empty() : Optional.of(number);
  }

  private static boolean same(String a, String b) {
    return MessageDigest.isEqual(
        a.getBytes(StandardCharsets.US_ASCII), b.getBytes(StandardCharsets.US_ASCII));
  }

  private static String hash(String secret) {
    try {
      byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
