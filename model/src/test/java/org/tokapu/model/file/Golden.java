package org.tokapu.model.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import org.tokapu.testkit.TestData;

/// The golden files of this package, as files.
final class Golden {
  private Golden() {}

  static byte[] bytes(String name) {
    return TestData.resource("golden/files/" + name);
  }

  static Path copy(String name, Path folder) {
    return write(folder.resolve(name), bytes(name));
  }

  static Path write(Path file, byte[] bytes) {
    try {
      return Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static long crc32(MemorySegment segment) {
    return crc32(segment.asByteBuffer());
  }

  static long crc32(ByteBuffer buffer) {
    CRC32 crc = new CRC32();
    crc.update(buffer);
    return crc.getValue();
  }
}
