package org.tokapu.assistant.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tokapu.assistant.Owner;
import org.tokapu.base.OutOfCapacityException;
import org.tokapu.base.TokapuException;
import org.tokapu.text.chat.Message;

/// How databases are opened, and what is said when they fail.
class DatabaseTests {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Databases.class)
  void serversThatStartAtOnceMigrateOnce(Databases kind) throws Exception {
    String url = kind.fresh(folder);
    try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
      List<Callable<Long>> starts = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        starts.add(() -> {
          try (Database database = Database.open(url)) {
            return database.read(t -> t.number("SELECT COUNT(*) FROM schema_versions"));
          }
        });
      }
      for (Future<Long> start : threads.invokeAll(starts)) {
        assertThat(start.get()).isEqualTo(1);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Databases.class)
  void tablesOfANewerVersionAreRefused(Databases kind) {
    String url = kind.fresh(folder);
    try (Database database = Database.open(url)) {
      database.write(
          t -> t.update("INSERT INTO schema_versions (version, applied) VALUES (999, 0)"));
    }
    assertThatThrownBy(() -> Database.open(url))
        .isInstanceOf(TokapuException.class)
        .hasMessageContaining("999");
  }

  @ParameterizedTest
  @EnumSource(Databases.class)
  void whatFailsLeavesNothing(Databases kind) {
    try (Database database = Database.open(kind.fresh(folder))) {
      assertThatThrownBy(() ->
              database.write(t -> {
                t.update("INSERT INTO schema_versions (version, applied) VALUES (2, 0)");
                throw new IllegalStateException("on the way");
              }))
          .isInstanceOf(IllegalStateException.class);
      assertThat(database.<Long>read(t -> t.number("SELECT COUNT(*) FROM schema_versions")))
          .isEqualTo(1);
    }
  }

  @Test
  void filesAreReadableByTheirOwnerAlone() throws Exception {
    Path file = folder.resolve("new/folder/a.db");
    try (Database database = Database.open(file.toString())) {
      new SessionStore(database).create(Owner.LOCAL, SessionStore.Start.DEFAULT);
      for (String end : List.of("", "-wal", "-shm")) {
        Path each = Path.of(file + end);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
            .isEqualTo("rw-------");
      }
    }
  }

  @Test
  void errorsNameTheCause() throws Exception {
    assertThatThrownBy(
            () -> Database.open("jdbc:postgresql://localhost:1/x?user=u&password=secret"))
        .isInstanceOf(TokapuException.class)
        .hasMessageContaining("does not answer")
        .hasMessageNotContaining("secret");
    assertThatThrownBy(() -> Database.open("jdbc:mysql://localhost/x"))
        .isInstanceOf(TokapuException.class)
        .hasMessageContaining("SQLite");
    Path text = Files.writeString(folder.resolve("text.db"), "no database ".repeat(1000));
    assertThatThrownBy(() -> Database.open(text.toString()))
        .isInstanceOf(TokapuException.class)
        .hasMessageContaining("is no SQLite database");
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThatThrownBy(() -> Database.open(file + "/below.db"))
        .isInstanceOf(TokapuException.class)
        .hasMessageContaining("cannot be created");
  }

  @Test
  void aFullDiskIsSaidAndLosesNothing() {
    try (Database database = Database.open(folder.resolve("full.db").toString())) {
      SessionStore store = new SessionStore(database);
      store.create(Owner.LOCAL, SessionStore.Start.DEFAULT.withId("s"));
      // No more pages than there are now: to SQLite the same as a disk without room.
      database.write(t -> t.number("PRAGMA max_page_count = 1"));
      NewMessage large = NewMessage.of(Message.user("x".repeat(1 << 20)).toMap(), 1);
      assertThatThrownBy(() -> store.append(Owner.LOCAL, "s", List.of(large)))
          .isInstanceOf(OutOfCapacityException.class)
          .hasMessageContaining("full");
      assertThat(store.messages(Owner.LOCAL, "s")).isEmpty();
    }
  }
}
