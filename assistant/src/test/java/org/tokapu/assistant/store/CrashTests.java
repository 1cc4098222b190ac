package org.tokapu.assistant.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tokapu.assistant.Owner;
import org.tokapu.text.chat.Message;

/// A process that is killed at any moment loses nothing that it has acknowledged.
class CrashTests {
  private static final Owner OWNER = new Owner("writer");
  private static final int ROUNDS = 3;
  private static final int MOST = 40;

  @TempDir Path folder;

  /// Kills many writers: `CrashTests$Many SQLITE 200`.
  static final class Many {
    private Many() {}

    public static void main(String[] args) throws Exception {
      Path folder = Files.createTempDirectory("crash");
      rounds(Databases.valueOf(args[0]).fresh(folder), Integer.parseInt(args[1]));
      System.out.println(args[1] + " times killed, nothing lost");
    }
  }

  /// Writes questions and answers with their lines of the ledger, and says so after each.
  static final class Writer {
    private Writer() {}

    public static void main(String[] args) {
      try (Database database = Database.open(args[0])) {
        SessionStore store = new SessionStore(database);
        store.findOrCreate(OWNER, "s", SessionStore.Start.DEFAULT);
        while (true) {
          NewMessage question = NewMessage.of(Message.user("질문").toMap(), 2);
          long asked = store.append(OWNER, "s", List.of(question)).getFirst().number();
          System.out.println("Q " + asked);
          NewMessage answer = NewMessage.of(Message.assistant("답").toMap(), 3);
          StoredMessage stored = store.answer(OWNER, "s", asked, answer, entry()).orElseThrow();
          System.out.println("A " + stored.number());
        }
      }
    }
  }

  private static LedgerEntry entry() {
    return new LedgerEntry(
        "",
        0,
        "m",
        Instant.now(),
        2,
        0,
        3,
        Duration.ZERO,
        Duration.ZERO,
        "KRW",
        BigDecimal.ONE,
        BigDecimal.ZERO);
  }

  @ParameterizedTest
  @EnumSource(Databases.class)
  void killedWritersLoseNothing(Databases kind) throws Exception {
    rounds(kind.fresh(folder), ROUNDS);
  }

  private static void rounds(String url, int rounds) throws Exception {
    Random random = new Random(1);
    for (int round = 0; round < rounds; round++) {
      long last = kill(url, 1 + random.nextInt(MOST), random.nextInt(3000));
      try (Database database = Database.open(url)) {
        SessionStore store = new SessionStore(database);
        List<StoredMessage> messages = store.messages(OWNER, "s");
        assertThat(messages.getLast().number()).isGreaterThanOrEqualTo(last);
        long answers = messages.stream().filter(m -> m.role().equals("assistant")).count();
        for (int i = 0; i < messages.size(); i++) {
          assertThat(messages.get(i).number()).isEqualTo(i + 1);
        }
        List<Ledger.Sum> sums =
            new Ledger(database)
                .sums(Optional.of(OWNER), LocalDate.EPOCH, LocalDate.of(2999, 1, 1));
        assertThat(sums.stream().mapToLong(Ledger.Sum::answers).sum()).isEqualTo(answers);
        assertThat(sums.stream().mapToLong(Ledger.Sum::completionTokens).sum())
            .isEqualTo(3 * answers);
      }
    }
  }

  /// Starts a writer and kills it some microseconds after it has acknowledged `count` messages.
  ///
  /// @return the number of the last message that it has acknowledged
  private static long kill(String url, int count, int micros)
      throws IOException, InterruptedException {
    Process writer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                url)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    long last = 0;
    try (BufferedReader lines = writer.inputReader()) {
      String line = lines.readLine();
      for (int seen = 1; line != null; seen++) {
        last = Long.parseLong(line.substring(2));
        if (seen == count) {
          Thread.sleep(Duration.ofNanos(micros * 1000L));
          // SIGKILL; by its handle, since the process itself would close what is still to be read.
          writer.toHandle().destroyForcibly();
        }
        line = lines.readLine();
      }
    }
    writer.waitFor();
    assertThat(last).isPositive();
    return last;
  }
}
