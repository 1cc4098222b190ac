package org.tokapu.model.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.tokapu.model.file.HfFolder;

/// Reads the licence out of a model card: README.md whose YAML front matter has `license:`.
final class ModelCard {
  private static final int FRONT_MATTER_LINES = 200;

  private ModelCard() {}

  /// Returns the licence that the card in `folder` names, or nothing.
  static Optional<String> licence(HfFolder folder) {
    return folder.file("README.md").flatMap(ModelCard::licence);
  }

  private static Optional<String> licence(Path card) {
    try (Stream<String> lines = Files.lines(card)) {
      return lines
          .limit(FRONT_MATTER_LINES)
          .filter(l -> l.startsWith("license:"))
          .map(l -> l.substring("license:".length()).strip())
          .filter(l -> !l.isEmpty())
          .findFirst();
    } catch (IOException | java.io.UncheckedIOException e) {
      return Optional.empty(); // a card that cannot be read says nothing
    }
  }
}
