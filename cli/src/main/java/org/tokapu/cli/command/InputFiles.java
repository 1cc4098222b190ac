package org.tokapu.cli.command;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.tokapu.base.ModelFormatException;
import org.tokapu.base.TokapuException;

/// Reads the texts and JSON files that a user hands to a command.
final class InputFiles {
  private InputFiles() {}

  /// Returns the contents of a file.
  ///
  /// @throws TokapuException if it is a folder
  /// @throws IOException if it is absent or cannot be read
  static byte[] bytes(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new TokapuException(file + " is a folder; name a file");
    }
    return Files.readAllBytes(file);
  }

  /// Returns a text.
  ///
  /// @throws TokapuException if it is not UTF-8
  static String text(Path file) throws IOException {
    return text(bytes(file), file.toString());
  }

  /// Decodes a text.
  ///
  /// @param source where it comes from, for messages
  /// @throws ModelFormatException if it is not UTF-8; the message names the place
  static String text(byte[] utf8, String source) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(utf8);
    try {
      return decoder.decode(in).toString();
    } catch (CharacterCodingException e) {
      throw new ModelFormatException(
          source,
          "byte " + in.position(),
          "is not UTF-8; save the text as UTF-8, for instance by iconv -t UTF-8",
          e);
    }
  }
}
