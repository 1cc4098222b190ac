package org.tokapu.engine.sampling;

import java.math.BigDecimal;
import org.tokapu.base.TokapuException;

/// Checks parameters; an error names parameter, range and value.
final class Range {
  private Range() {}

  static void check(String name, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new TokapuException(
          name + " must be between " + plain(least) + " and " + plain(most) + ", is " + value);
    }
  }

  static void check(String name, long value, long least, long most) {
    if (value < least || value > most) {
      String range =
          most == Integer.MAX_VALUE ? "at least " + least : "between " + least + " and " + most;
      throw new TokapuException(name + " must be " + range + ", is " + value);
    }
  }

  private static String plain(double value) {
    return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }
}
