package org.tokapu.cli.chat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Lines of a pipe or a file; no prompt, no editing.
public final class PlainLines implements LineSource {
  private final BufferedReader reader;

  /// Reads UTF-8 from `in`, which the caller closes.
  public PlainLines(InputStream in) {
    reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
  }

  @Override
  public Optional<Said> next() {
    try {
      String typed = reader.readLine();
      if (typed == null) {
        return Optional.empty();
      }
      StringBuilder all = new StringBuilder(typed);
      while (!MultiLine.complete(all.toString())) {
        String more = reader.readLine();
        if (more == null) {
          break;
        }
        all.append('\n').append(more);
      }
      return Optional.of(new Said.Text(MultiLine.text(all.toString())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void onStop(Runnable action) {}

  @Override
  public void close() {}
}
