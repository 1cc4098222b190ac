package org.tokapu.cli.command;

import java.util.function.Supplier;
import org.tokapu.base.TokapuException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/// Takes what command lines give: values that may be out of range.
final class Arguments {
  private Arguments() {}

  /// Returns what `read` makes of options; a value that it refuses is wrong usage.
  ///
  /// @throws ParameterException if `read` throws a [TokapuException]
  static <T> T checked(CommandSpec spec, Supplier<T> read) {
    try {
      return read.get();
    } catch (TokapuException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }
}
