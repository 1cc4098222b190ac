package org.tokapu.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.tokapu.cli.console.Console;
import org.tokapu.cli.console.Messages;

/// Runs commands in this process and keeps what they print.
public final class Shell {
  /// What came of a command.
  public record Result(int code, String out, String err) {}

  private final Locale locale;
  private final Map<String, String> environment;

  private Shell(Locale locale, Map<String, String> environment) {
    this.locale = locale;
    this.environment = environment;
  }

  /// Returns an English shell whose store is `home`.
  public static Shell english(Path home) {
    return new Shell(Locale.ENGLISH, Map.of("TOKAPU_HOME", home.toString()));
  }

  /// Returns a Korean shell whose store is `home`.
  public static Shell korean(Path home) {
    return new Shell(Locale.KOREA, Map.of("TOKAPU_HOME", home.toString()));
  }

  /// Returns this shell with one more environment variable.
  public Shell with(String name, String value) {
    Map<String, String> more = new HashMap<>(environment);
    more.put(name, value);
    return new Shell(locale, Map.copyOf(more));
  }

  /// Runs a command line with nothing on its standard input.
  public Result run(String... args) {
    return runWith("", args);
  }

  /// Runs a command line with `input` on its standard input.
  public Result runWith(String input, String... args) {
    return runBytes(input.getBytes(StandardCharsets.UTF_8), args);
  }

  /// Runs a command line with any bytes on its standard input.
  public Result runBytes(byte[] input, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console =
        new Console(
            new ByteArrayInputStream(input),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false,
            Messages.of(locale),
            environment);
    int code = Tokapu.run(console, args);
    return new Result(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
