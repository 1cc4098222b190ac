package org.tokapu.cli.chat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.EOFError;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/// Lines typed at a terminal, with history and editing; Korean syllables count as the two cells
/// that they take.
public final class TerminalLines implements LineSource {
  private final Terminal terminal;
  private final LineReader reader;
  private Runnable stop = () -> {};
  private boolean stopped;

  private TerminalLines(Terminal terminal, LineReader reader) {
    this.terminal = terminal;
    this.reader = reader;
    terminal.handle(Terminal.Signal.INT, signal -> stop());
  }

  /// Takes the terminal of this process.
  ///
  /// @param history the file that keeps what was typed
  public static TerminalLines open(Path history) throws IOException {
    Terminal terminal = TerminalBuilder.builder().system(true).build();
    LineReader reader =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .appName("tokapu")
            .parser(new WholeMessages())
            .variable(LineReader.HISTORY_FILE, history)
            .variable(LineReader.SECONDARY_PROMPT_PATTERN, "… ")
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .option(LineReader.Option.HISTORY_TIMESTAMPED, false)
            .build();
    return new TerminalLines(terminal, reader);
  }

  @Override
  public Optional<Said> next() {
    answered();
    try {
      return Optional.of(new Said.Text(MultiLine.text(reader.readLine("> "))));
    } catch (UserInterruptException e) {
      return Optional.of(new Said.Nothing());
    } catch (EndOfFileException e) {
      return Optional.empty();
    } finally {
      answered();
    }
  }

  private synchronized void answered() {
    stop = () -> {};
    stopped = false;
  }

  private synchronized void stop() {
    stopped = true;
    stop.run();
  }

  @Override
  public synchronized void onStop(Runnable action) {
    stop = action;
    if (stopped) {
      action.run();
    }
  }

  @Override
  public void close() {
    try {
      terminal.close();
    } catch (IOException e) {
      // The process ends; there is nobody to tell.
      return;
    }
  }

  /// Asks for another line until the message is whole.
  private static final class WholeMessages implements Parser {
    @Override
    public ParsedLine parse(String line, int cursor, ParseContext context) {
      if (context == ParseContext.ACCEPT_LINE && !MultiLine.complete(line)) {
        throw new EOFError(-1, cursor, "more to come");
      }
      return new Message(line, cursor);
    }
  }

  /// A message is one word, written as it is.
  private record Message(String line, int cursor) implements CompletingParsedLine {
    @Override
    public CharSequence escape(CharSequence candidate, boolean complete) {
      return candidate;
    }

    @Override
    public int rawWordCursor() {
      return cursor;
    }

    @Override
    public int rawWordLength() {
      return line.length();
    }

    @Override
    public String word() {
      return line;
    }

    @Override
    public int wordCursor() {
      return cursor;
    }

    @Override
    public int wordIndex() {
      return 0;
    }

    @Override
    public List<String> words() {
      return List.of(line);
    }
  }
}
