package org.tokapu.cli.command;

import java.nio.file.Files;
import java.nio.file.Path;
import org.tokapu.base.TokapuException;
import org.tokapu.cli.console.Console;

/// Finds the file or folder that a MODEL argument means.
final class Models {
  private Models() {}

  /// Returns the path `model`, or the model of this name in the local store.
  ///
  /// @throws TokapuException if there is neither
  static Path find(Console console, String model) {
    Path path = Path.of(model);
    if (Files.exists(path)) {
      return path;
    }
    for (String name : new String[] {model, model + ".gguf"}) {
      Path stored = Stores.folder(console).resolve(name).normalize();
      if (stored.startsWith(Stores.folder(console)) && Files.exists(stored)) {
        return stored;
      }
    }
    throw new TokapuException(console.messages().text("model.notFound", model));
  }
}
