package org.tokapu.cli.command;

import java.nio.file.Path;
import org.tokapu.cli.console.Console;

/// Where the local store of models is.
final class Stores {
  private Stores() {}

  /// Returns the folder: `$TOKAPU_HOME/models`, or `~/.tokapu/models`.
  static Path folder(Console console) {
    String home = console.environment().get("TOKAPU_HOME");
    return (home == null || home.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".tokapu")
            : Path.of(home))
        .resolve("models");
  }
}
