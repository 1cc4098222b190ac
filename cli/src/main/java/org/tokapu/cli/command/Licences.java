package org.tokapu.cli.command;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.tokapu.cli.console.Console;

/// What licences ask for, as far as their names tell.
final class Licences {
  private Licences() {}

  /// Warns of terms that rule out commercial use, and of an unknown licence.
  static void warn(Console console, Optional<String> licence) {
    if (licence.isEmpty()) {
      console.say("licence.unknown");
    } else if (nonCommercial(licence.get())) {
      console.say("licence.nonCommercial", licence.get());
    }
  }

  /// Returns whether the name of a licence says that commercial use is not allowed.
  static boolean nonCommercial(String licence) {
    String name = licence.toLowerCase(Locale.ROOT);
    return name.matches(".*(^|[^a-z])nc([^a-z]|$).*")
        || Stream.of("non-commercial", "noncommercial", "non commercial", "research-only")
            .anyMatch(name::contains);
  }
}
