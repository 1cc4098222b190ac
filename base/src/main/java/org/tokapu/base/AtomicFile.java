package org.tokapu.base;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// Writes a file that appears under its name whole, or not at all.
///
/// The contents go to a temporary file beside the target, are forced to the disk and then renamed.
/// A failure (a full disk, an exception of the writer) removes the temporary file and leaves an
/// older target as it was.
public final class AtomicFile {
  private AtomicFile() {}

  /// Writes the contents into the open channel, which is empty and positioned at its start.
  @FunctionalInterface
  public interface Body {
    /// Writes everything; the channel is forced and closed by the caller.
    void write(FileChannel channel) throws IOException;
  }

  /// Creates or replaces `target` by what `body` writes.
  ///
  /// @throws TokapuException if it cannot be written; nothing is left behind
  public static void write(Path target, Body body) {
    Path absolute = target.toAbsolutePath();
    Path directory = absolute.getParent();
    if (directory == null) {
      throw new TokapuException("cannot write to " + target + ": it is a root directory");
    }
    Path temporary =
        directory.resolve(
            "." + absolute.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
    try {
      Files.createDirectories(directory);
      try (FileChannel channel =
          FileChannel.open(
              temporary,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE)) {
        body.write(channel);
        channel.force(true);
      }
      move(temporary, absolute);
    } catch (IOException e) {
      throw new TokapuException(
          "cannot write " + target + ": " + reason(e) + "; nothing was changed", e);
    } finally {
      try {
        Files.deleteIfExists(temporary);
      } catch (IOException ignored) {
        // The rename took it away, or the directory went: there is nothing left to clean.
      }
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static String reason(IOException e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }
}
