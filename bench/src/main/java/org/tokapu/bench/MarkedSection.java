package org.tokapu.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.tokapu.base.AtomicFile;
import org.tokapu.base.TokapuException;

/// A part of a Markdown file that a benchmark writes: between `<!-- NAME: written by ./dev bench
/// NAME --write -->` and `<!-- /NAME -->`.
final class MarkedSection {
  private MarkedSection() {}

  /// Replaces the part.
  static void write(Path file, String name, String content) throws IOException {
    String begin = "<!-- %s: written by ./dev bench %s --write -->".formatted(name, name);
    String end = "<!-- /%s -->".formatted(name);
    String text = Files.readString(file);
    int from = text.indexOf(begin);
    int to = text.indexOf(end);
    if (from < 0 || to < from) {
      throw new TokapuException(file + " lacks the marks " + begin + " and " + end);
    }
    String all = text.substring(0, from) + begin + "\n" + content + "\n" + text.substring(to);
    byte[] out = all.getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(file, channel -> channel.write(ByteBuffer.wrap(out)));
  }
}
