package org.tokapu.model.store;

import java.util.List;
import java.util.Optional;
import org.tokapu.base.ModelFormatException;

/// A file of a repository, as the host lists it.
///
/// @param path its path in the repository, safe to resolve against a folder
/// @param size its length in bytes, or -1 if the host does not say
/// @param sha256 the SHA-256 of its contents in hexadecimal, of files in Git LFS
/// @param blobId the Git blob id of its contents in hexadecimal, of other files
public record HubFile(String path, long size, Optional<String> sha256, Optional<String> blobId) {
  /// Checks the path.
  ///
  /// @throws ModelFormatException if it could lead out of a folder
  public HubFile {
    checkPath(path, "the host's list of files");
  }

  /// Refuses paths that lead out of the folder that they are resolved against, on any system.
  static void checkPath(String path, String source) {
    boolean odd = path.chars().anyMatch(c -> c < 0x20 || c == 0x7F || "\\:*?\"<>|".indexOf(c) >= 0);
    boolean escapes =
        List.of(path.split("/", -1)).stream()
            .anyMatch(s -> s.isEmpty() || s.equals(".") || s.equals("..") || s.endsWith(" "));
    if (odd || escapes || path.length() > 1000) {
      throw new ModelFormatException(
          source, "file name", "is '" + path + "', which could lead outside of the store; refused");
    }
  }

  /// Returns the last part of the path.
  String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /// Returns what identifies the contents: the hash, or the size where there is none.
  String fingerprint() {
    return sha256.or(() -> blobId).orElse("size:" + size);
  }
}
