package org.tokapu.cli.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.tokapu.cli.console.Console;
import picocli.CommandLine.Command;

/// `tokapu version`: one line with the version, the JDK and the system.
@Command(name = "version")
final class VersionCommand implements Callable<Integer> {
  private final Console console;

  VersionCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    console
        .out()
        .printf(
            "tokapu %s (JDK %s, %s %s)%n",
            number(),
            Runtime.version(),
            System.getProperty("os.name"),
            System.getProperty("os.arch"));
    return 0;
  }

  private static String number() {
    Properties build = new Properties();
    try (InputStream in = VersionCommand.class.getResourceAsStream("build.properties")) {
      if (in == null) {
        throw new IllegalStateException("build.properties is not in the jar");
      }
      build.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return build.getProperty("version");
  }
}
