package org.tokapu.cli.console;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;

/// What a command talks to: its streams, its language and its environment.
///
/// Standard output carries results and nothing else; all that is said beside goes to standard
/// error.
///
/// @param terminal whether standard error is a terminal, so that a progress bar can be drawn
/// @param environment the environment variables
public record Console(
    InputStream in,
    PrintStream out,
    PrintStream err,
    boolean terminal,
    Messages messages,
    Map<String, String> environment) {

  /// Returns the console of this process; the launcher says whether standard error is a terminal.
  public static Console ofProcess() {
    return new Console(
        System.in,
        System.out,
        System.err,
        Boolean.getBoolean("tokapu.terminal"),
        Messages.of(Locale.getDefault()),
        System.getenv());
  }

  /// Says one line on standard error in the user's language.
  public void say(String key, Object... arguments) {
    err.println(messages.text(key, arguments));
  }
}
