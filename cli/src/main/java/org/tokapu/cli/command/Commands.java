package org.tokapu.cli.command;

import java.io.PrintWriter;
import java.util.List;
import java.util.function.Function;
import org.tokapu.cli.console.Console;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/// The list of all commands: a new command is one file and one line here.
public final class Commands {
  private record Entry(String name, Function<Console, Object> create) {}

  private static final List<Entry> ALL =
      List.of(
          new Entry("run", RunCommand::new),
          new Entry("chat", ChatCommand::new),
          new Entry("serve", ServeCommand::new),
          new Entry("tokenize", TokenizeCommand::new),
          new Entry("render", RenderCommand::new),
          new Entry("logits", LogitsCommand::new),
          new Entry("perplexity", PerplexityCommand::new),
          new Entry("inspect", InspectCommand::new),
          new Entry("convert", ConvertCommand::new),
          new Entry("quantize", QuantizeCommand::new),
          new Entry("dequantize", DequantizeCommand::new),
          new Entry("synth", SynthCommand::new),
          new Entry("pull", PullCommand::new),
          new Entry("list", ListCommand::new),
          new Entry("rm", RmCommand::new),
          new Entry("bench", BenchCommand::new),
          new Entry("doctor", DoctorCommand::new),
          new Entry("version", VersionCommand::new),
          new Entry("rehearse", RehearseCommand::new));

  private Commands() {}

  /// Runs a command line on `console` and returns its exit code.
  public static int run(Console console, String... args) {
    return parser(console, args).execute(args);
  }

  /// Returns a parser for one command line. Describing a command to the parser takes time; so if
  /// the line begins with one, the others are left out.
  static CommandLine parser(Console console, String... args) {
    List<Entry> wanted =
        ALL.stream().filter(e -> args.length > 0 && e.name.equals(args[0])).toList();
    CommandLine parser = new CommandLine(new RootCommand(console));
    for (Entry entry : wanted.isEmpty() ? ALL : wanted) {
      parser.addSubcommand(entry.create.apply(console));
    }
    CommandLine serve = parser.getSubcommands().get("serve");
    if (serve != null) {
      serve.setDefaultValueProvider(new ServeSettings(console.environment(), args));
    }
    Failures failures = new Failures(console);
    return parser
        .setResourceBundle(console.messages().bundle())
        .setOut(new PrintWriter(console.out(), true, console.out().charset()))
        .setErr(new PrintWriter(console.err(), true, console.err().charset()))
        .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
        .setUsageHelpWidth(100)
        .setCaseInsensitiveEnumValuesAllowed(true)
        // A text that begins with @ is a text, not a file of arguments.
        .setExpandAtFiles(false)
        .registerConverter(TokenIds.class, TokenIds::parse)
        .setParameterExceptionHandler(failures)
        .setExecutionExceptionHandler(failures);
  }
}
