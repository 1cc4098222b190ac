package org.tokapu.model.store;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A model of the store.
///
/// @param name what to call it: `ORG/REPO`, or with the file's name where a folder has several
/// @param path what to open: a file, or a folder with safetensors
/// @param files all its files
/// @param bytes what they take on the disk
/// @param origin where it was downloaded from, if it was
public record StoredModel(
    String name, Path path, List<Path> files, long bytes, Optional<ModelOrigin> origin) {
  /// Returns the last part of the name, by which it may be called too where that is clear.
  String shortName() {
    return name.substring(name.lastIndexOf('/') + 1);
  }
}
