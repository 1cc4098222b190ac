package org.tokapu.cli.command;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.tokapu.base.TokapuException;
import org.tokapu.cli.console.Console;
import org.tokapu.model.store.ModelStore;
import org.tokapu.model.store.StoredModel;

/// Finds the file or folder that a MODEL argument means.
final class Models {
  private Models() {}

  /// Returns the local store of models.
  static ModelStore store(Console console) {
    return ModelStore.of(console.environment()::get);
  }

  /// Returns the path `model`, or the model of this name in the local store.
  ///
  /// @throws TokapuException if there is neither
  static Path find(Console console, String model) {
    Optional<Path> path = path(model).filter(Files::exists);
    return path.or(() -> store(console).find(model).map(StoredModel::path))
        .orElseThrow(() -> new TokapuException(console.messages().text("model.notFound", model)));
  }

  /// `hf:ORG/REPO` names a model, but is no path on every system.
  private static Optional<Path> path(String model) {
    try {
      return Optional.of(Path.of(model));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }
}
