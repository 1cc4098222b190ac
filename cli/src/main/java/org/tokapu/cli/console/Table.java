package org.tokapu.cli.console;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.jline.utils.WCWidth;

/// Columns of text, as wide as their contents, a Korean character counted as two cells.
///
/// Not thread-safe.
public final class Table {
  private final List<String[]> rows = new ArrayList<>();
  private final boolean[] right;

  /// Creates an empty table.
  ///
  /// @param alignment one letter a column: `l` left, `r` right
  public Table(String alignment) {
    right = new boolean[alignment.length()];
    for (int i = 0; i < right.length; i++) {
      right[i] = alignment.charAt(i) == 'r';
    }
  }

  /// Adds a row of as many cells as there are columns.
  public Table row(String... cells) {
    if (cells.length != right.length) {
      throw new IllegalArgumentException(
          "%d columns, got %d cells".formatted(right.length, cells.length));
    }
    rows.add(cells.clone());
    return this;
  }

  /// Prints the rows, two blanks between columns.
  public void print(PrintStream out) {
    int[] widths = new int[right.length];
    for (String[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        widths[i] = Math.max(widths[i], width(row[i]));
      }
    }
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.length; i++) {
        String gap = " ".repeat(widths[i] - width(row[i]));
        line.append(right[i] ? gap + row[i] : row[i] + gap).append("  ");
      }
      out.println(line.toString().stripTrailing());
    }
  }

  /// Returns the cells that a text takes on a terminal.
  public static int width(String text) {
    return text.codePoints().map(c -> Math.max(0, WCWidth.wcwidth(c))).sum();
  }
}
