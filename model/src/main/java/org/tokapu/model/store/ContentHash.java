package org.tokapu.model.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/// Compares a downloaded file with the hash that the host lists.
final class ContentHash {
  private ContentHash() {}

  /// Returns what is wrong with `path` as the contents of `file`, or nothing.
  static Optional<String> mismatch(HubFile file, Path path) throws IOException {
    if (file.size() >= 0 && Files.size(path) != file.size()) {
      return Optional.of("has %d bytes, %d are listed".formatted(Files.size(path), file.size()));
    }
    if (file.sha256().isPresent()) {
      return compare(file.sha256().get(), digest(path, "SHA-256", new byte[0]), "SHA-256");
    }
    if (file.blobId().isPresent()) {
      byte[] head = ("blob " + Files.size(path) + "\0").getBytes(StandardCharsets.UTF_8);
      return compare(file.blobId().get(), digest(path, "SHA-1", head), "Git blob id");
    }
    return Optional.empty();
  }

  private static Optional<String> compare(String listed, String found, String kind) {
    return listed.equals(found)
        ? Optional.empty()
        : Optional.of("has the %s %s, %s is listed".formatted(kind, found, listed));
  }

  private static String digest(Path path, String algorithm, byte[] head) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has both
    }
    digest.update(head);
    byte[] buffer = new byte[1 << 20];
    try (InputStream in = Files.newInputStream(path)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
