package org.tokapu.cli.command;

import java.util.concurrent.Callable;
import org.tokapu.cli.console.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// `tokapu` without a command: prints the help. Holds the options that all commands have.
@Command(name = "tokapu")
final class RootCommand implements Callable<Integer> {
  private final Console console;

  @Spec CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      descriptionKey = "help")
  boolean help;

  @Option(names = "--debug", scope = ScopeType.INHERIT, descriptionKey = "debug")
  boolean debug;

  @Option(
      names = {"-V", "--version"},
      descriptionKey = "version")
  boolean version;

  RootCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (version) {
      return new VersionCommand(console).call();
    }
    spec.commandLine().usage(console.out());
    return CommandLine.ExitCode.OK;
  }
}
