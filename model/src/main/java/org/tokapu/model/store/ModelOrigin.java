package org.tokapu.model.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.tokapu.base.AtomicFile;
import org.tokapu.base.TokapuException;
import org.tokapu.base.json.Json;
import org.tokapu.base.json.JsonObject;

/// Where a folder of the store came from, kept in it as `.tokapu.json`.
///
/// @param repository `ORG/REPO`
/// @param commit the commit of the last download
/// @param licence the licence that the model card named
/// @param fingerprints what identifies the contents of each file that is complete, by its path
public record ModelOrigin(
    String repository, String commit, Optional<Licence> licence, Map<String, String> fingerprints) {
  static final String FILE = ".tokapu.json";

  /// Reads the origin of a folder; nothing if it was not downloaded.
  ///
  /// @throws org.tokapu.base.ModelFormatException if the file is broken
  static Optional<ModelOrigin> read(Path folder) {
    Path file = folder.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    JsonObject json;
    try {
      json = Json.parseObject(Files.readAllBytes(file), file.toString());
    } catch (IOException e) {
      throw new TokapuException("cannot read " + file + ": " + e.getMessage(), e);
    }
    Map<String, String> fingerprints = new LinkedHashMap<>();
    json.object("files")
        .ifPresent(files ->
            files
                .map()
                .keySet()
                .forEach(path -> fingerprints.put(path, files.text(path).orElse(""))));
    return Optional.of(
        new ModelOrigin(
            json.text("repository").orElse(""),
            json.text("commit").orElse(""),
            json.text("licence").map(Licence::of),
            fingerprints));
  }

  void write(Path folder) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("repository", repository);
    json.put("commit", commit);
    licence.ifPresent(l -> json.put("licence", l.id()));
    json.put("files", fingerprints);
    byte[] utf8 = Json.writePretty(json).getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(
        folder.resolve(FILE),
        channel -> {
          ByteBuffer buffer = ByteBuffer.wrap(utf8);
          while (buffer.hasRemaining()) {
            channel.write(buffer);
          }
        });
  }
}
