package org.tokapu.cli.command;

import java.io.PrintWriter;
import java.util.List;
import org.tokapu.cli.console.Console;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/// The list of all commands: a new command is one file and one line here.
public final class Commands {
  private Commands() {}

  private static List<Object> all(Console console) {
    return List.of(new VersionCommand(console));
  }

  /// Returns a parser that runs commands on `console`; one per command line.
  public static CommandLine parser(Console console) {
    CommandLine parser = new CommandLine(new RootCommand(console));
    all(console).forEach(parser::addSubcommand);
    Failures failures = new Failures(console);
    parser
        .setResourceBundle(console.messages().bundle())
        .setOut(new PrintWriter(console.out(), true, console.out().charset()))
        .setErr(new PrintWriter(console.err(), true, console.err().charset()))
        .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
        .setUsageHelpWidth(100)
        .setCaseInsensitiveEnumValuesAllowed(true)
        // A text that begins with @ is a text, not a file of arguments.
        .setExpandAtFiles(false)
        .setParameterExceptionHandler(failures)
        .setExecutionExceptionHandler(failures);
    return parser;
  }
}
