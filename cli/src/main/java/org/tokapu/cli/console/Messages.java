package org.tokapu.cli.console;

import java.util.Locale;
import java.util.ResourceBundle;

/// The texts of the command in the user's language: Korean for a Korean locale, else English.
///
/// Thread-safe.
public final class Messages {
  private final ResourceBundle bundle;

  private Messages(ResourceBundle bundle) {
    this.bundle = bundle;
  }

  /// Returns the texts for `locale`.
  public static Messages of(Locale locale) {
    boolean korean = locale.getLanguage().equals("ko");
    return new Messages(
        ResourceBundle.getBundle(
            "org.tokapu.cli.console.messages", korean ? Locale.KOREAN : Locale.ROOT));
  }

  /// Returns the text under `key`, with its `%s`, `%2$s`, ... replaced.
  public String text(String key, Object... arguments) {
    return String.format(Locale.ROOT, bundle.getString(key), arguments);
  }

  /// Returns the bundle, for the help texts of the parser.
  public ResourceBundle bundle() {
    return bundle;
  }
}
