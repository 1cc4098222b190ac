package org.tokapu.model.file;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.tokapu.base.FileFailure;
import org.tokapu.base.TokapuException;

/// Maps whole files into memory, read-only.
final class MappedFile {
  private MappedFile() {}

  /// Maps `file` for as long as `arena` lives.
  ///
  /// @throws TokapuException if it is absent, a folder, or cannot be read
  static MemorySegment map(Path file, Arena arena) {
    if (Files.isDirectory(file)) {
      throw new TokapuException(file + " is a folder; a file is needed here");
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    } catch (NoSuchFileException e) {
      throw new TokapuException("there is no file " + file, e);
    } catch (IOException e) {
      throw new TokapuException("cannot read " + file + ": " + FileFailure.reason(e), e);
    }
  }
}
