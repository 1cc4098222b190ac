package org.tokapu.cli.console;

import java.time.Duration;
import java.util.Locale;
import org.tokapu.base.Sizes;

/// How far a long piece of work is: a bar on a terminal, a line now and then elsewhere.
///
/// Draws at most ten times a second (elsewhere every ten seconds), on standard error. Confined to
/// one thread.
public final class Progress implements AutoCloseable {
  private static final int BAR = 24;
  private static final long DRAW_NANOS = 100_000_000L;
  private static final long LINE_NANOS = 10_000_000_000L;

  /// What is counted.
  public enum Unit {
    /// Bytes, shown in binary units.
    BYTES,
    /// Things, shown as plain numbers.
    THINGS,
    /// A share of the whole, of which only the percentage is shown.
    SHARE
  }

  private final Console console;
  private final String label;
  private final Unit unit;
  private final long started = System.nanoTime();
  private long lastDrawn = started;
  private boolean drawn;

  /// Starts with nothing drawn; work that ends at once draws nothing.
  public Progress(Console console, String label, Unit unit) {
    this.console = console;
    this.label = label;
    this.unit = unit;
  }

  /// Says that `done` of `total` is done; a total of zero or less is unknown.
  public void at(long done, long total) {
    long now = System.nanoTime();
    if (now - lastDrawn < (console.terminal() ? DRAW_NANOS : LINE_NANOS)) {
      return;
    }
    lastDrawn = now;
    drawn = true;
    String line = line(done, total, Duration.ofNanos(now - started));
    if (console.terminal()) {
      console.err().print("\r\u001b[K" + line);
      console.err().flush();
    } else {
      console.err().println(line);
    }
  }

  /// Takes the bar away.
  @Override
  public void close() {
    if (drawn && console.terminal()) {
      console.err().print("\r\u001b[K");
      console.err().flush();
    }
  }

  private String line(long done, long total, Duration elapsed) {
    double perSecond = done / Math.max(1e-9, elapsed.toNanos() * 1e-9);
    StringBuilder out = new StringBuilder(label).append("  ");
    if (total > 0) {
      double share = Math.clamp((double) done / total, 0, 1);
      int full = (int) Math.round(share * BAR);
      if (console.terminal()) {
        out.append("█".repeat(full)).append("░".repeat(BAR - full)).append(' ');
      }
      out.append(String.format(Locale.ROOT, "%3d%%  ", Math.round(share * 100)));
      if (unit != Unit.SHARE) {
        out.append(figure(done)).append(" / ").append(figure(total));
      }
    } else {
      out.append(figure(done));
    }
    if (unit == Unit.BYTES) {
      out.append("  ").append(figure(Math.round(perSecond))).append("/s");
    }
    if (total > done && perSecond > 0) {
      out.append("  -")
          .append(Sizes.time(Duration.ofMillis(Math.round((total - done) / perSecond * 1e3))));
    }
    return out.toString();
  }

  private String figure(long value) {
    return unit == Unit.BYTES ? Sizes.bytes(value) : Long.toString(value);
  }
}
