package org.tokapu.cli.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.tokapu.base.ModelFormatException;
import org.tokapu.base.TokapuException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/// Takes what command lines give: values that may be out of range, texts that may be none.
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

  /// Returns the text of a file in UTF-8.
  ///
  /// @throws ModelFormatException if it is in another encoding
  static String text(Path file) throws IOException {
    return decode(Files.readAllBytes(file), file.toString());
  }

  /// Returns all text of standard input in UTF-8.
  ///
  /// @throws ModelFormatException if it is in another encoding
  static String text(InputStream in) throws IOException {
    return decode(in.readAllBytes(), "-");
  }

  private static String decode(byte[] bytes, String file) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new ModelFormatException(file, "text", "is not UTF-8; convert it first");
    }
  }
}
