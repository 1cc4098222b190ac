package org.tokapu.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTests {
  @TempDir Path folder;

  /// A process that writes half of a file, says so, and waits for its end.
  static final class HalfWritten {
    private HalfWritten() {}

    public static void main(String[] args) {
      AtomicFile.write(
          Path.of(args[0]),
          channel -> {
            channel.write(utf8("half"));
            System.out.println("ready");
            System.out.flush();
            try {
              Thread.sleep(60_000);
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
          });
    }
  }

  private static ByteBuffer utf8(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aFailureLeavesTheOldFileAndNothingElse() throws IOException {
    Path file = Files.writeString(folder.resolve("a"), "old");
    assertThatThrownBy(() ->
            AtomicFile.write(
                file,
                channel -> {
                  channel.write(utf8("new"));
                  throw new IOException("No space left on device");
                }))
        .isInstanceOf(TokapuException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("No space left")
        .hasMessageContaining("nothing was changed");
    assertThat(file).hasContent("old");
    assertThat(folder).isDirectoryContaining(file::equals);
    assertThat(folder.toFile().list()).hasSize(1);
    AtomicFile.write(file, channel -> channel.write(utf8("new")));
    assertThat(file).hasContent("new");
    assertThat(folder.toFile().list()).hasSize(1);
  }

  @Test
  void aFolderIsNoFile() {
    assertThatThrownBy(() -> AtomicFile.write(folder, channel -> {}))
        .isInstanceOf(TokapuException.class)
        .hasMessageContaining("is a folder; name a file");
  }

  @Test
  void theEndOfTheProcessLeavesNothing() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                HalfWritten.class.getName(),
                folder.resolve("a").toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      assertThat(process.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("ready");
      assertThat(folder.toFile().list()).hasSize(1);
      process.destroy(); // SIGTERM, as Ctrl-C is SIGINT: both run the shutdown hooks
      process.waitFor();
    } finally {
      process.destroyForcibly();
    }
    assertThat(folder.toFile().list()).isEmpty();
  }
}
