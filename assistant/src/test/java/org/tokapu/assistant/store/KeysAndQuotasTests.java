package org.tokapu.assistant.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.tokapu.assistant.Quota;
import org.tokapu.assistant.Scope;

/// Keys and quotas in every database.
@ParameterizedClass
@EnumSource(Databases.class)
class KeysAndQuotasTests {
  @Parameter Databases kind;
  @TempDir Path folder;
  private String url;
  private Database database;

  @BeforeEach
  void open() {
    url = kind.fresh(folder);
    database = Database.open(url);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private ApiKeys.Created key(Quota quota) {
    return new ApiKeys(database).add("test", EnumSet.of(Scope.CHAT), quota);
  }

  @Test
  void aKeyOpensUntilItIsRevoked() throws Exception {
    ApiKeys keys = new ApiKeys(database);
    Quota quota = new Quota(Optional.of(3L), Optional.empty(), Optional.of(new BigDecimal("1.5")));
    ApiKeys.Created made = keys.add("이름", EnumSet.of(Scope.CHAT, Scope.ADMIN), quota);
    assertThat(made.secret()).matches("tk-[A-Za-z0-9_-]{43}");
    assertThat(made.toString()).doesNotContain(made.secret());
    assertThat(keys.find(made.secret())).contains(made.key());
    assertThat(keys.find(made.secret().substring(1))).isEmpty();
    assertThat(keys.find("tk-" + "A".repeat(43))).isEmpty();
    assertThat(keys.list()).containsExactly(made.key());
    if (kind == Databases.SQLITE) {
      for (String file : List.of(url, url + "-wal")) {
        String bytes = Files.readString(Path.of(file), StandardCharsets.ISO_8859_1);
        assertThat(bytes).doesNotContain(made.secret());
      }
    }
    try (Database other = Database.open(url)) {
      assertThat(new ApiKeys(other).revoke(made.key().id())).isTrue();
    }
    assertThat(keys.find(made.secret())).isEmpty();
    assertThat(keys.revoke(made.key().id())).isFalse();
    assertThat(keys.list().getFirst().revoked()).isPresent();
  }

  @Test
  void requestsAMinute() {
    ApiKey key = key(new Quota(Optional.of(2L), Optional.empty(), Optional.empty())).key();
    Quotas quotas = new Quotas(database);
    Admission first = quotas.admit(key.owner(), key.quota(), 1, BigDecimal.ZERO);
    assertThat(first.requests().orElseThrow().remaining()).isEqualTo(1);
    quotas.admit(key.owner(), key.quota(), 1, BigDecimal.ZERO);
    assertThatThrownBy(() -> quotas.admit(key.owner(), key.quota(), 1, BigDecimal.ZERO))
        .isInstanceOfSatisfying(
            QuotaExceededException.class,
            e ->
                assertThat(e.retryAfter()).isBetween(Duration.ofMillis(1), Duration.ofSeconds(30)));
    assertThat(new ApiKeys(database).list().getFirst().used()).isPresent();
  }

  @Test
  void tokensOfADayHoldAcrossServers() throws Exception {
    ApiKey key = key(new Quota(Optional.empty(), Optional.of(100L), Optional.empty())).key();
    try (Database other = Database.open(url);
        ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Quotas> servers = List.of(new Quotas(database), new Quotas(other));
      List<Callable<Boolean>> asks = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        Quotas server = servers.get(i % 2);
        asks.add(() -> {
          try {
            server.admit(key.owner(), key.quota(), 10, BigDecimal.ZERO);
            return true;
          } catch (QuotaExceededException e) {
            return false;
          }
        });
      }
      int admitted = 0;
      for (Future<Boolean> ask : threads.invokeAll(asks)) {
        admitted += ask.get() ? 1 : 0;
      }
      assertThat(admitted).isEqualTo(10);
    }
  }

  @Test
  void whatWasReservedIsReplacedByWhatWasUsed() {
    Quota quota = new Quota(Optional.empty(), Optional.of(100L), Optional.of(BigDecimal.TEN));
    ApiKey key = key(quota).key();
    Quotas quotas = new Quotas(database);
    Admission all = quotas.admit(key.owner(), quota, 90, BigDecimal.ONE);
    assertThat(all.tokens().orElseThrow().remaining()).isEqualTo(10);
    assertThatThrownBy(() -> quotas.admit(key.owner(), quota, 11, BigDecimal.ONE))
        .hasMessageContaining("90");
    LedgerEntry entry =
        new LedgerEntry(
            "",
            0,
            "m",
            Instant.now(),
            20,
            0,
            10,
            Duration.ZERO,
            Duration.ZERO,
            "KRW",
            new BigDecimal("9.5"),
            BigDecimal.ZERO);
    new Ledger(database).add(key.owner(), entry);
    quotas.settle(all);
    quotas.settle(all);
    assertThatThrownBy(() -> quotas.admit(key.owner(), quota, 1, BigDecimal.ONE))
        .isInstanceOf(QuotaExceededException.class)
        .hasMessageContaining("10");
    Admission rest = quotas.admit(key.owner(), quota, 70, new BigDecimal("0.5"));
    assertThat(rest.tokens().orElseThrow().remaining()).isZero();
  }
}
