package org.tokapu.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tokapu.cli.Shell;
import org.tokapu.cli.console.Console;
import org.tokapu.cli.console.Messages;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/// Help and wrong usage of all commands, by the list of commands.
class UsageTests {
  @TempDir Path home;

  static Stream<CommandLine> commands() {
    return Stream.of(Locale.ENGLISH, Locale.KOREAN)
        .flatMap(locale -> {
          Console console =
              new Console(System.in, System.out, System.err, false, Messages.of(locale), Map.of());
          CommandLine root = Commands.parser(console);
          return Stream.concat(Stream.of(root), root.getSubcommands().values().stream());
        });
  }

  static Stream<String> names() {
    return commands().map(CommandLine::getCommandName).filter(n -> !n.equals("tokapu")).distinct();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandAndOptionIsDescribed(CommandLine command) {
    assertThat(command.getCommandSpec().usageMessage().description()).isNotEmpty();
    assertThat(String.join("", command.getCommandSpec().usageMessage().footer()))
        .as("examples in the help of " + command.getCommandName())
        .contains("tokapu");
    for (ArgSpec arg : command.getCommandSpec().args()) {
      assertThat(arg.description())
          .as(command.getCommandName() + " " + arg.paramLabel() + " " + arg)
          .isNotEmpty();
    }
    assertThat(command.getUsageMessage()).doesNotContain("null").doesNotContain("${");
  }

  @ParameterizedTest
  @MethodSource("names")
  void helpGoesToStandardOutput(String name) {
    Shell.Result result = Shell.english(home).run(name, "--help");
    assertThat(result.code()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).startsWith("Usage: tokapu " + name);
  }

  @ParameterizedTest
  @MethodSource("names")
  void anUnknownOptionIsWrongUsage(String name) {
    Shell.Result result = Shell.english(home).run(withArguments(name, "--no-such-option"));
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains("--no-such-option").contains("tokapu " + name + " --help");
  }

  @ParameterizedTest
  @MethodSource("names")
  void wrongUsageIsSaidInKorean(String name) {
    Shell.Result result = Shell.korean(home).run(withArguments(name, "--no-such-option"));
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("오류: 알 수 없는 옵션: --no-such-option");
  }

  /// A missing argument would be named first.
  private static String[] withArguments(String name, String option) {
    CommandLine command =
        commands().filter(c -> c.getCommandName().equals(name)).findFirst().orElseThrow();
    List<String> line = new ArrayList<>(List.of(name));
    for (ArgSpec arg : command.getCommandSpec().args()) {
      if (arg.required()) {
        line.add(arg instanceof OptionSpec o ? o.longestName() + "=1" : "x");
      }
    }
    line.add(option);
    return line.toArray(String[]::new);
  }

  @Test
  void noCommandPrintsTheHelp() {
    Shell.Result result = Shell.korean(home).run();
    assertThat(result.code()).isZero();
    assertThat(result.out()).startsWith("사용법: tokapu").contains("tokenize");
  }

  @Test
  void anUnknownCommandIsWrongUsage() {
    Shell.Result result = Shell.english(home).run("dance");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("dance");
  }

  @Test
  void missingArgumentsAreNamed() {
    Shell.Result result = Shell.english(home).run("tokenize");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("missing: MODEL");
  }

  @ParameterizedTest
  @MethodSource("modelCommands")
  void aModelThatIsNotThereIsAnErrorInBothLanguages(List<String> args) {
    String[] line = args.toArray(String[]::new);
    Shell.Result english = Shell.english(home).run(line);
    assertThat(english.code()).isEqualTo(1);
    assertThat(english.out()).isEmpty();
    assertThat(english.err())
        .startsWith("tokapu: error: there is no file or folder no-such-model")
        .doesNotContain("\tat ")
        .hasLineCount(1);
    assertThat(Shell.korean(home).run(line).err()).startsWith("tokapu: 오류: no-such-model");
  }

  static Stream<List<String>> modelCommands() {
    return Stream.of(
        List.of("tokenize", "no-such-model", "x"),
        List.of("inspect", "no-such-model"),
        List.of("bench", "no-such-model"));
  }

  @Test
  void debugShowsTheStackTrace() {
    Shell.Result result = Shell.english(home).run("inspect", "no-such-model", "--debug");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("TokapuException").contains("\tat ");
  }

  @Test
  void versionIsOneLine() {
    Shell.Result result = Shell.english(home).run("version");
    assertThat(result.code()).isZero();
    assertThat(result.out()).matches("tokapu [0-9][^ ]* \\(JDK 25[^)]*\\)\\R");
    assertThat(Shell.english(home).run("--version")).isEqualTo(result);
  }

  @Test
  void doctorNamesEveryKernelAndTheStore() {
    Shell.Result result = Shell.english(home).run("doctor");
    assertThat(result.code()).isZero();
    assertThat(result.out())
        .contains("reference")
        .contains(home.toString())
        .contains(Runtime.version().toString());
  }
}
