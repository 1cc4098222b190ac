package org.tokapu.model.store;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.TokapuException;

/// Brings one file: into `NAME.part`, going on where an earlier try stopped, then under its name
/// once its hash is right.
final class FileTransfer {
  private static final Duration STALL = Duration.ofSeconds(60);

  /// A file is asked for from its start again after a wrong hash, so often.
  private static final int MOST_WRONG = 2;

  private final HubClient client;
  private final HubRepository repository;
  private final HubFile file;
  private final Path target;
  private final Path part;
  private final DownloadProgress progress;
  private boolean endedWell;

  /// @param target where the file shall be
  FileTransfer(
      HubClient client,
      HubRepository repository,
      HubFile file,
      Path target,
      DownloadProgress progress) {
    this.client = client;
    this.repository = repository;
    this.file = file;
    this.target = target;
    this.part = partOf(target);
    this.progress = progress;
  }

  static Path partOf(Path target) {
    return target.resolveSibling(target.getFileName() + ".part");
  }

  /// @throws TokapuException if the file cannot be had, or comes wrong twice
  void run() {
    try {
      Files.createDirectories(part.toAbsolutePath().getParent());
      try (FileChannel out =
          FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        @Nullable FileLock lock = lock(out);
        if (lock == null) {
          throw new TokapuException(part + " is being written by another download; wait for it");
        }
        bring(out);
        out.force(true);
      }
      Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new TokapuException("cannot write " + target + ": " + Retries.reason(e), e);
    }
  }

  private static @Nullable FileLock lock(FileChannel out) throws IOException {
    try {
      return out.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private void bring(FileChannel out) throws IOException {
    Retries retries = client.retries(repository.id() + "/" + file.path());
    int wrong = 0;
    while (true) {
      if (!isComplete(out)) {
        tryOnce(out, retries);
        continue;
      }
      progress.checking(file);
      Optional<String> mismatch = ContentHash.mismatch(file, part);
      if (mismatch.isEmpty()) {
        return;
      }
      out.truncate(0);
      if (++wrong == MOST_WRONG) {
        throw new TokapuException(
            "%s/%s as the host sends it %s; nothing of it was kept"
                .formatted(repository.id(), file.path(), mismatch.get()));
      }
    }
  }

  /// A file of unknown size is complete when an answer ended well, which [#receive] notes.
  private boolean isComplete(FileChannel out) throws IOException {
    return file.size() >= 0 ? out.size() == file.size() : endedWell;
  }

  private void tryOnce(FileChannel out, Retries retries) throws IOException {
    if (file.size() >= 0 && out.size() > file.size()) {
      out.truncate(0);
    }
    long before = out.size();
    LocalWrite local = new LocalWrite(out);
    try {
      receive(local, before);
    } catch (DiskException e) {
      throw e.disk();
    } catch (IOException e) {
      if (out.size() > before) {
        retries.succeeded();
      }
      retries.failed(e, time -> progress.waiting(file, time, Retries.reason(e)));
      return;
    }
    if (out.size() > before) {
      retries.succeeded();
    }
  }

  private void receive(LocalWrite out, long have) throws IOException {
    HttpResponse<InputStream> response = client.get(client.address(repository, file), have);
    try (InputStream body = response.body();
        StallGuard guard = new StallGuard(body, STALL)) {
      if (response.statusCode() == 416) {
        out.restart();
        throw new IOException("the host has no bytes from " + have + " on");
      }
      if (have > 0 && !resumesAt(response, have)) {
        out.restart(); // the host sends all of it again
      } else {
        out.append(have);
      }
      byte[] buffer = new byte[1 << 16];
      for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
        guard.advanced();
        out.write(buffer, n);
        if (file.size() >= 0 && out.position() > file.size()) {
          out.restart();
          throw new IOException("the host sends more than the listed " + file.size() + " bytes");
        }
        progress.advanced(file, out.position(), file.size());
      }
      if (file.size() >= 0 && out.position() < file.size()) {
        throw new IOException(
            "the answer ended after %d of %d bytes".formatted(out.position(), file.size()));
      }
      endedWell = true;
    }
  }

  private static boolean resumesAt(HttpResponse<?> response, long from) {
    return response.statusCode() == 206
        && response
            .headers()
            .firstValue("Content-Range")
            .filter(range -> range.startsWith("bytes " + from + "-"))
            .isPresent();
  }

  /// A failure of our disk, which trying again does not mend.
  private static final class DiskException extends IOException {
    private static final long serialVersionUID = 1;

    private final IOException disk;

    DiskException(IOException disk) {
      super(disk);
      this.disk = disk;
    }

    IOException disk() {
      return disk;
    }
  }

  /// The part file, whose failures are told from those of the network.
  private static final class LocalWrite {
    private final FileChannel channel;

    LocalWrite(FileChannel channel) {
      this.channel = channel;
    }

    void restart() throws IOException {
      channel.truncate(0);
      channel.position(0);
    }

    void append(long at) throws IOException {
      channel.position(at);
    }

    long position() throws IOException {
      return channel.position();
    }

    void write(byte[] bytes, int count) throws IOException {
      ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, count);
      try {
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
      } catch (IOException e) {
        throw new DiskException(e);
      }
    }
  }
}
