package org.tokapu.base;

import java.time.Duration;
import java.util.Locale;

/// Figures as people read them.
public final class Sizes {
  private static final String[] BINARY = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  private static final String[] THOUSANDS = {"", " K", " M", " B", " T"};

  private Sizes() {}

  /// Returns bytes in binary units: `637 MiB`, `4.1 GiB`.
  public static String bytes(long bytes) {
    return scaled(bytes, 1024, BINARY, " ");
  }

  /// Returns a count in powers of a thousand: `260 K`, `1.1 B` (billion).
  public static String count(long count) {
    return scaled(count, 1000, THOUSANDS, "");
  }

  /// Returns a time: `42 s`, `3:07`, `1:02:03`.
  public static String time(Duration time) {
    long seconds = time.toSeconds();
    if (seconds < 60) {
      return seconds + " s";
    }
    return seconds < 3600
        ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
        : String.format(
            Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
  }

  private static String scaled(long value, int step, String[] units, String gap) {
    double scaled = value;
    int unit = 0;
    // 999.5 would print as 1000 in its own unit.
    while (scaled >= step - 0.5 && unit < units.length - 1) {
      scaled /= step;
      unit++;
    }
    String digits =
        unit == 0 || scaled >= 99.95
            ? Long.toString(Math.round(scaled))
            : String.format(Locale.ROOT, "%.1f", scaled);
    return digits + gap + units[unit];
  }
}
