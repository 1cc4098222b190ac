package org.tokapu.tensor.vector;

import static org.tokapu.tensor.vector.Native.BYTES;
import static org.tokapu.tensor.vector.Native.LINE;
import static org.tokapu.tensor.vector.Native.LINE_ROWS;
import static org.tokapu.tensor.vector.Native.PER_LINE;

/// Many rows of activations by a panel of 32 columns (32 rows of the weight), register-blocked.
///
/// Weights and activations are integers and come in blocks of [#BLOCK] inputs with a scale each.
/// The sum of a block is exact in any order and any type that holds it; it enters the result by `c
/// = fma(sum, weightScale * activationScale, c)`, block after block. The one-row kernels of
/// [RowKernels] do the same, so a row's bits do not depend on how many come with it.
///
/// A panel is two groups of 16 columns, each a line of 64 bytes per step (two inputs as int16, or
/// one as float32), and scales as a line per block. Activations lie in blocks of 12 or 4 rows: for
/// every block of inputs `[steps][rows]` 32-bit words, then `[rows]` scales. Results are
/// `[rows][32]`.
final class Panels {
  /// Inputs that share a scale.
  static final int BLOCK = 32;

  /// Columns of a panel.
  static final int COLUMNS = 2 * LINE_ROWS;

  /// Bytes of a row of results.
  static final int ROW = COLUMNS * Float.BYTES;

  /// Rows of the largest block: 12 x 2 sums, two columns and a factor fit the 32 registers of
  /// AVX-512 and NEON, 4 x 2 the 16 registers of AVX2.
  private static final int MAX_ROWS = BYTES == 32 ? 4 : 12;

  private Panels() {}

  /// Returns how many rows the block takes that starts with `left` rows to go; the last ones of it
  /// may be empty.
  static int blockRows(int left) {
    return MAX_ROWS == 12 && left > 8 ? 12 : 4;
  }

  /// Returns `rows` and the empty rows of the last block.
  static int paddedRows(int rows) {
    int padded = 0;
    while (padded < rows) {
      padded += blockRows(rows - padded);
    }
    return padded;
  }

  /// Adds the products of one block of rows with one panel.
  ///
  /// @param integers whether a step is two inputs as int16, else one as float32
  /// @param rows 12 or 4
  /// @param a the block's activations
  /// @param b the lines of both groups, `groupBytes` apart
  /// @param s the scales of both groups, `scaleBytes` apart
  static void multiply(
      boolean integers,
      int rows,
      long a,
      long b,
      long groupBytes,
      long s,
      long scaleBytes,
      long c,
      int blocks) {
    for (int i = 0; i < PER_LINE; i++) {
      // The pair of vectors: of both groups at 512 bits, else neighbours in one group.
      int group = 2 * i / PER_LINE;
      long first = PER_LINE == 1 ? 0 : 2L * i % PER_LINE * BYTES;
      long next = PER_LINE == 1 ? groupBytes : BYTES;
      long nextScale = PER_LINE == 1 ? scaleBytes : BYTES;
      long b0 = b + (PER_LINE == 1 ? 0 : group * groupBytes) + first;
      long s0 = s + (PER_LINE == 1 ? 0 : group * scaleBytes) + first;
      long at = c + 2L * i * BYTES;
      if (integers) {
        if (rows == 12) {
          ShortPanels.rows12(a, b0, b0 + next, s0, s0 + nextScale, at, blocks);
        } else {
          ShortPanels.rows4(a, b0, b0 + next, s0, s0 + nextScale, at, blocks);
        }
      } else if (rows == 12) {
        FloatPanels.rows12(a, b0, b0 + next, s0, s0 + nextScale, at, blocks);
      } else {
        FloatPanels.rows4(a, b0, b0 + next, s0, s0 + nextScale, at, blocks);
      }
    }
  }

  /// Returns the bytes of a panel's lines for `blocks` blocks of inputs.
  static long panelBytes(boolean integers, int blocks) {
    return 2L * blocks * steps(integers) * LINE;
  }

  /// Returns how many 32-bit words of a row of activations a block of inputs takes.
  static int steps(boolean integers) {
    return integers ? BLOCK / 2 : BLOCK;
  }
}
