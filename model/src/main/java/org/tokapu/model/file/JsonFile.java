package org.tokapu.model.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.tokapu.base.FileFailure;
import org.tokapu.base.ModelFormatException;
import org.tokapu.base.TokapuException;
import org.tokapu.base.json.Json;
import org.tokapu.base.json.JsonObject;

/// Reads small side files whole, with a limit on what small means.
final class JsonFile {
  /// The largest side file; real tokenizers have up to 40 MB.
  static final long MAX_BYTES = 256L << 20;

  private JsonFile() {}

  static JsonObject read(Path file) {
    return Json.parseObject(bytes(file), file.toString());
  }

  static String text(Path file) {
    return Utf8.decode(bytes(file), file.toString(), "text");
  }

  /// @throws ModelFormatException if it is too large
  /// @throws TokapuException if it is absent or cannot be read
  private static byte[] bytes(Path file) {
    try {
      long size = Files.size(file);
      if (size > MAX_BYTES) {
        throw new ModelFormatException(
            file.toString(), "size", "is " + size + " bytes; at most " + MAX_BYTES + " are read");
      }
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new TokapuException("there is no file " + file, e);
    } catch (IOException e) {
      throw new TokapuException("cannot read " + file + ": " + FileFailure.reason(e), e);
    }
  }
}
