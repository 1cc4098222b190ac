package org.tokapu.assistant.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
import org.tokapu.assistant.Owner;
import org.tokapu.assistant.window.Strategy;
import org.tokapu.base.TokapuException;
import org.tokapu.text.chat.Message;

/// Sessions in every database.
@ParameterizedClass
@EnumSource(Databases.class)
class SessionStoreTests {
  private static final Owner ANN = new Owner("ann");
  private static final Owner BOB = new Owner("bob");

  @Parameter Databases kind;
  @TempDir Path folder;
  private final Hands clock = new Hands();
  private String url;
  private Database database;
  private SessionStore store;

  /// A clock whose hands are moved.
  private static final class Hands extends Clock {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }

  @BeforeEach
  void open() {
    url = kind.fresh(folder);
    database = Database.open(url);
    store = new SessionStore(database, clock);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static NewMessage user(String text) {
    return NewMessage.of(Message.user(text).toMap(), 3);
  }

  private static NewMessage assistant(String text) {
    return NewMessage.of(Message.assistant(text).toMap(), 5);
  }

  private String session(Owner owner, String id, String... texts) {
    store.create(owner, SessionStore.Start.DEFAULT.withId(id));
    for (int i = 0; i < texts.length; i++) {
      store.append(owner, id, List.of(i % 2 == 0 ? user(texts[i]) : assistant(texts[i])));
    }
    return id;
  }

  private List<String> texts(Owner owner, String id) {
    return store.messages(owner, id).stream().map(StoredMessage::text).toList();
  }

  private static LedgerEntry entry(long prompt, long completion, String cost) {
    return new LedgerEntry(
        "",
        0,
        "m",
        Instant.parse("2026-01-01T10:00:00Z"),
        prompt,
        1,
        completion,
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        "KRW",
        new BigDecimal(cost),
        BigDecimal.ZERO);
  }

  @Test
  void keepsWhatWasSaid() {
    session(ANN, "s", "하나", "둘", "셋");
    assertThat(texts(ANN, "s")).containsExactly("하나", "둘", "셋");
    List<StoredMessage> messages = store.messages(ANN, "s");
    assertThat(messages).extracting(StoredMessage::number).containsExactly(1L, 2L, 3L);
    assertThat(messages).extracting(StoredMessage::parent).containsExactly(0L, 1L, 2L);
    assertThat(messages.get(1).body()).isEqualTo(Message.assistant("둘").toMap());
    assertThat(messages.get(1).tokens()).isEqualTo(5);
    assertThat(store.find(ANN, "s").orElseThrow().messages()).isEqualTo(3);
    database.close();
    database = Database.open(url);
    store = new SessionStore(database, clock);
    assertThat(texts(ANN, "s")).containsExactly("하나", "둘", "셋");
  }

  @Test
  void textsThatDatabasesRefuseComeBackAsTheyWere() {
    String odd = "a\u0000b \ud83d half \udc00 \ud83d\ude00 'quoted' \"too\" \\ % _";
    session(ANN, "s", odd);
    assertThat(texts(ANN, "s")).containsExactly(odd);
    store.rename(ANN, "s", odd);
    assertThat(store.search(ANN, "quoted", 10)).hasSize(2);
  }

  @Test
  void ownersNeverMeet() {
    session(ANN, "same", "ann speaks of llamas");
    session(BOB, "same", "bob speaks of llamas");
    assertThat(texts(ANN, "same")).containsExactly("ann speaks of llamas");
    assertThat(store.search(BOB, "llamas", 10))
        .extracting(SearchHit::snippet)
        .containsExactly("bob speaks of llamas");
    session(ANN, "hers", "x");
    assertThat(store.find(BOB, "hers")).isEmpty();
    assertThat(store.list(BOB, Optional.empty(), 10).sessions()).hasSize(1);
    assertThat(store.delete(BOB, "hers")).isFalse();
    List<Runnable> all =
        List.of(
            () -> store.messages(BOB, "hers"),
            () -> store.tree(BOB, "hers"),
            () -> store.append(BOB, "hers", List.of(user("y"))),
            () -> store.branchOff(BOB, "hers", 1, List.of(user("y"))),
            () -> store.fork(BOB, "hers", 1),
            () -> store.rename(BOB, "hers", "y"),
            () -> store.activate(BOB, "hers", 1),
            () -> store.pin(BOB, "hers", 1, true),
            () -> store.retract(BOB, "hers", 1),
            () -> store.export(BOB, "hers"));
    for (Runnable attempt : all) {
      assertThatThrownBy(attempt::run)
          .isInstanceOf(TokapuException.class)
          .hasMessage("there is no session 'hers'");
    }
    assertThat(store.delete(BOB, "same")).isTrue();
    assertThat(texts(ANN, "same")).hasSize(1);
  }

  @Test
  void listsByLastUseInPages() {
    for (int i = 0; i < 7; i++) {
      clock.now = clock.now.plusMillis(i % 2); // some at the same moment
      session(ANN, "s" + i, "x");
    }
    clock.now = clock.now.plusSeconds(1);
    store.append(ANN, "s2", List.of(assistant("y")));
    List<String> found = new ArrayList<>();
    Optional<String> next = Optional.empty();
    do {
      SessionPage page = store.list(ANN, next, 3);
      assertThat(page.sessions()).hasSizeLessThanOrEqualTo(3);
      page.sessions().forEach(s -> found.add(s.id()));
      next = page.next();
    } while (next.isPresent());
    assertThat(found).hasSize(7).doesNotHaveDuplicates().startsWith("s2", "s6");
  }

  @Test
  void anIdThatIsTakenIsRefusedOrFound() {
    session(ANN, "s", "x");
    assertThatThrownBy(() -> session(ANN, "s")).hasMessageContaining("already");
    assertThat(store.findOrCreate(ANN, "s", SessionStore.Start.DEFAULT).messages()).isEqualTo(1);
    assertThat(store.findOrCreate(ANN, "t", SessionStore.Start.DEFAULT).messages()).isZero();
    assertThatThrownBy(() -> session(ANN, " ")).hasMessageContaining("id");
    assertThatThrownBy(() -> session(ANN, "x".repeat(201))).hasMessageContaining("200");
  }

  @Test
  void allBranchesStay() {
    session(ANN, "s", "q1", "a1", "q2", "a2");
    store.branchOff(ANN, "s", 2, List.of(user("q2 edited")));
    assertThat(texts(ANN, "s")).containsExactly("q1", "a1", "q2 edited");
    store.answer(ANN, "s", 5, assistant("a2 new"), entry(1, 1, "0"));
    store.activateThrough(ANN, "s", 3);
    assertThat(texts(ANN, "s")).containsExactly("q1", "a1", "q2", "a2");
    store.activateThrough(ANN, "s", 2);
    assertThat(texts(ANN, "s")).containsExactly("q1", "a1", "q2 edited", "a2 new");
    store.activate(ANN, "s", 3);
    assertThat(texts(ANN, "s")).containsExactly("q1", "a1", "q2");
    assertThat(store.tree(ANN, "s")).hasSize(6);
    assertThatThrownBy(() -> store.activate(ANN, "s", 99)).hasMessageContaining("99");
    store.branchOff(ANN, "s", 0, List.of(user("anew")));
    assertThat(texts(ANN, "s")).containsExactly("anew");
  }

  @Test
  void anAnswerThatCameTooLateStandsBeside() {
    session(ANN, "s", "q1");
    store.append(ANN, "s", List.of(user("q2")));
    store.answer(ANN, "s", 1, assistant("a1"), entry(1, 1, "0"));
    assertThat(texts(ANN, "s")).containsExactly("q1", "q2");
    assertThat(store.branch(ANN, "s", 3))
        .extracting(StoredMessage::text)
        .containsExactly("q1", "a1");
  }

  @Test
  void whatIsRetractedIsGone() {
    session(ANN, "s", "q1", "a1", "q2");
    store.retract(ANN, "s", 3);
    assertThat(texts(ANN, "s")).containsExactly("q1", "a1");
    assertThat(store.search(ANN, "q2", 10)).isEmpty();
    assertThat(store.append(ANN, "s", List.of(user("q3"))).getFirst().parent()).isEqualTo(2);
  }

  @Test
  void aForkGoesItsOwnWay() {
    session(ANN, "s", "q1", "a1", "q2");
    store.pin(ANN, "s", 1, true);
    Session fork = store.fork(ANN, "s", 2);
    store.append(ANN, fork.id(), List.of(user("other")));
    assertThat(texts(ANN, fork.id())).containsExactly("q1", "a1", "other");
    assertThat(texts(ANN, "s")).containsExactly("q1", "a1", "q2");
    assertThat(store.messages(ANN, fork.id()).getFirst().pinned()).isTrue();
  }

  @Test
  void searchesKoreanInsideWordsAndAcrossParticles() {
    session(ANN, "s", "형태소분석기를 만들었다", "좋은 형태입니다");
    session(ANN, "t", "아무것도 아니다 100% 확실_히");
    assertThat(store.search(ANN, "형태", 10)).hasSize(2);
    assertThat(store.search(ANN, "태소분석", 10)).hasSize(1);
    // The same syllables typed as jamo, as some systems do.
    assertThat(store.search(ANN, "\u1112\u1167\u11bc\u1110\u1162", 10)).hasSize(2);
    assertThat(store.search(ANN, "분석기 만들", 10)).hasSize(1);
    assertThat(store.search(ANN, "분석기 없는말", 10)).isEmpty();
    assertThat(store.search(ANN, "0% 확", 10)).hasSize(1);
    assertThat(store.search(ANN, "%", 10)).hasSize(1);
    assertThat(store.search(ANN, "_", 10)).hasSize(1);
    assertThat(store.search(ANN, "", 10)).isEmpty();
    store.rename(ANN, "t", "제목 Ärger");
    assertThat(store.search(ANN, "äRG", 10)).extracting(SearchHit::message).containsExactly(0L);
  }

  @Test
  void whatIsDeletedIsFoundNowhere() {
    session(ANN, "s", "secret", "answer");
    store.answer(ANN, "s", 2, assistant("more"), entry(7, 2, "1"));
    assertThat(store.delete(ANN, "s")).isTrue();
    assertThat(store.find(ANN, "s")).isEmpty();
    assertThat(store.search(ANN, "secret", 10)).isEmpty();
    for (String table : List.of("sessions", "messages", "searches", "summaries")) {
      assertThat(database.<Long>read(t -> t.number("SELECT COUNT(*) FROM " + table))).isZero();
    }
    // What it cost stays; whose conversation it was does not.
    assertThat(
            database.<Long>read(t -> t.number("SELECT SUM(prompt) FROM ledger WHERE session = ''")))
        .isEqualTo(7);
  }

  @Test
  void expiredAndTemporarySessions() {
    Session.Settings hour =
        new Session.Settings(Strategy.SUMMARIZE, Optional.of(Duration.ofHours(1)));
    store.create(ANN, new SessionStore.Start(Optional.of("s"), "", hour, true));
    store.append(ANN, "s", List.of(user("whisper")));
    assertThat(store.find(ANN, "s").orElseThrow().settings()).isEqualTo(hour);
    assertThat(store.list(ANN, Optional.empty(), 10).sessions()).isEmpty();
    assertThat(store.search(ANN, "whisper", 10)).isEmpty();
    clock.now = clock.now.plus(Duration.ofMinutes(50));
    store.append(ANN, "s", List.of(user("again"))); // used: an hour more
    clock.now = clock.now.plus(Duration.ofMinutes(50));
    assertThat(store.deleteExpired()).isZero();
    assertThat(texts(ANN, "s")).hasSize(2);
    clock.now = clock.now.plus(Duration.ofMinutes(10));
    assertThat(store.find(ANN, "s")).isEmpty();
    assertThatThrownBy(() -> store.append(ANN, "s", List.of(user("late"))))
        .isInstanceOf(TokapuException.class);
    assertThat(store.findOrCreate(ANN, "s", SessionStore.Start.DEFAULT).messages()).isZero();
    store.create(ANN, new SessionStore.Start(Optional.of("t"), "", hour, false));
    clock.now = clock.now.plus(Duration.ofHours(2));
    assertThat(store.deleteExpired()).isEqualTo(1);
  }

  @Test
  void exportsAndImports() {
    session(ANN, "s", "질문", "답");
    store.branchOff(ANN, "s", 0, List.of(user("other \ud800")));
    store.pin(ANN, "s", 2, true);
    store.rename(ANN, "s", "제목");
    Map<String, Object> json = store.export(ANN, "s");
    Session copy = store.importFrom(BOB, org.tokapu.base.json.Json.write(json));
    assertThat(store.tree(BOB, copy.id())).isEqualTo(store.tree(ANN, "s"));
    assertThat(copy.title()).isEqualTo("제목");
    assertThat(texts(BOB, copy.id())).isEqualTo(texts(ANN, "s"));
    assertThat(store.search(BOB, "질문", 5)).hasSize(1);
    for (String bad :
        List.of(
            "[]",
            "{}",
            "{\"format\":\"tokapu-session\",\"version\":2}",
            "{\"format\":\"tokapu-session\",\"version\":1,\"messages\":[{\"number\":1,\"parent\":1,\"message\":{\"role\":\"user\"}}]}",
            "{\"format\":\"tokapu-session\",\"version\":1,\"messages\":[{\"number\":1,\"parent\":0,\"message\":{}}]}",
            "{\"format\":\"tokapu-session\",\"version\":1,\"head\":5,\"messages\":[]}")) {
      assertThatThrownBy(() -> store.importFrom(BOB, bad)).isInstanceOf(TokapuException.class);
    }
  }

  @Test
  void writersOnTwoServersLoseNothing() throws Exception {
    session(ANN, "s");
    int writers = 6;
    int each = 15;
    try (Database other = Database.open(url);
        ExecutorService threads = Executors.newFixedThreadPool(writers)) {
      SessionStore second = new SessionStore(other, clock);
      List<Callable<Boolean>> jobs = new ArrayList<>();
      for (int w = 0; w < writers; w++) {
        int writer = w;
        jobs.add(() -> {
          for (int i = 0; i < each; i++) {
            (writer % 2 == 0 ? store : second)
                .append(ANN, "s", List.of(user(writer + "." + i), assistant("re " + writer)));
          }
          return true;
        });
      }
      for (Future<Boolean> job : threads.invokeAll(jobs)) {
        assertThat(job.get()).isTrue();
      }
      List<StoredMessage> messages = second.messages(ANN, "s");
      assertThat(messages).hasSize(2 * writers * each);
      for (int i = 0; i < messages.size(); i++) {
        assertThat(messages.get(i).number()).isEqualTo(i + 1);
      }
    }
  }

  @Test
  void theLedgerIsExact() {
    session(ANN, "s", "q");
    store.answer(ANN, "s", 1, assistant("a"), entry(100, 20, "0.000001234"));
    store.answer(ANN, "gone", 1, assistant("a"), entry(3, 4, "1000000.1"));
    List<Ledger.Sum> sums =
        new Ledger(database)
            .sums(Optional.of(ANN), LocalDate.parse("2026-01-01"), LocalDate.parse("2026-01-01"));
    assertThat(sums).hasSize(1);
    assertThat(sums.getFirst().answers()).isEqualTo(2);
    assertThat(sums.getFirst().promptTokens()).isEqualTo(103);
    assertThat(sums.getFirst().completionTokens()).isEqualTo(24);
    assertThat(sums.getFirst().cost()).isEqualByComparingTo("1000000.100001234");
    assertThat(
            new Ledger(database)
                .sums(
                    Optional.of(BOB), LocalDate.parse("2026-01-01"), LocalDate.parse("2026-01-01")))
        .isEmpty();
  }
}
