package org.tokapu.cli;

import org.tokapu.cli.command.Commands;
import org.tokapu.cli.console.Console;

/// The command `tokapu`.
public final class Tokapu {
  private Tokapu() {}

  /// Runs the process: ends it with 0 (done), 1 (an error) or 2 (wrong usage).
  public static void main(String[] args) {
    StandardError.restore();
    int code = run(Console.ofProcess(), args);
    System.out.flush();
    System.exit(code);
  }

  /// Runs one command line and returns its exit code; prints to `console` alone.
  public static int run(Console console, String... args) {
    return Commands.run(console, args);
  }
}
