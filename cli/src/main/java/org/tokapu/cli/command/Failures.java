package org.tokapu.cli.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.TokapuException;
import org.tokapu.cli.console.Console;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/// Turns what went wrong into one clear line and an exit code; `--debug` adds the stack trace.
final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {
  private static final int ERROR = 1;
  private static final int USAGE = 2;

  private final Console console;

  Failures(Console console) {
    this.console = console;
  }

  /// Wrong usage: says what, and where the help is.
  @Override
  public int handleParseException(ParameterException e, String[] args) {
    console.say("error", usageProblem(e));
    if (e instanceof UnmatchedArgumentException unmatched) {
      UnmatchedArgumentException.printSuggestions(unmatched, e.getCommandLine().getErr());
    }
    console.say("error.try", e.getCommandLine().getCommandSpec().qualifiedName());
    return USAGE;
  }

  /// A command that failed.
  @Override
  public int handleExecutionException(
      Exception e, CommandLine command, @Nullable ParseResult parsed) {
    if (e instanceof ParameterException usage) {
      return handleParseException(usage, new String[0]);
    }
    return report(
        e, command.getCommandSpec().root().userObject() instanceof RootCommand root && root.debug);
  }

  /// Reports any failure, errors of the JVM included, and returns the exit code.
  int report(Throwable e, boolean debug) {
    console.say("error", problem(e));
    if (debug) {
      e.printStackTrace(console.err());
    }
    return ERROR;
  }

  private String problem(Throwable e) {
    return switch (e) {
      case TokapuException known -> String.valueOf(known.getMessage());
      case NoSuchFileException missing ->
          console.messages().text("error.noFile", missing.getFile());
      case AccessDeniedException denied ->
          console.messages().text("error.denied", denied.getFile());
      case FileSystemException file -> String.valueOf(file.getMessage());
      case IOException io -> console.messages().text("error.io", reason(io));
      case UncheckedIOException io ->
          console.messages().text("error.io", String.valueOf(io.getMessage()));
      case OutOfMemoryError memory ->
          console.messages().text("error.memory", Runtime.getRuntime().maxMemory() >> 20);
      default -> console.messages().text("error.internal", e);
    };
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private String usageProblem(ParameterException e) {
    return switch (e) {
      case UnmatchedArgumentException unmatched ->
          console
              .messages()
              .text(
                  unmatched.isUnknownOption() ? "usage.unknownOption" : "usage.unknownArgument",
                  String.join(" ", unmatched.getUnmatched()));
      case MissingParameterException missing ->
          console
              .messages()
              .text(
                  "usage.missing",
                  missing.getMissing().stream()
                      .map(Failures::label)
                      .reduce((a, b) -> a + ", " + b)
                      .orElse(""));
      default ->
          e.getArgSpec() != null && e.getValue() != null
              ? console.messages().text("usage.invalid", label(e.getArgSpec()), e.getValue())
              : String.valueOf(e.getMessage());
    };
  }

  private static String label(ArgSpec arg) {
    return arg instanceof OptionSpec option ? option.longestName() : arg.paramLabel();
  }
}
