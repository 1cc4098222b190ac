package org.tokapu.tensor.vector;

import static org.tokapu.tensor.vector.Native.BYTES;
import static org.tokapu.tensor.vector.Native.LINE_ROWS;
import static org.tokapu.tensor.vector.Native.PER_LINE;

import java.util.Arrays;

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
  /// @param rows 12 or 4
  /// @param x activations, of which block `row` is meant
  static void multiply(Panel panel, int rows, Activations x, int row, int first, int blocks) {
    for (int g = 0; g < blocks; g++) {
      int a = x.block(row, rows, first + g);
      int d = x.scale(row, rows, first + g);
      for (int i = 0; i < PER_LINE; i++) {
        // The pair of vectors: of both groups at 512 bits, else neighbours in one group.
        int left = PER_LINE == 1 ? 0 : 2 * i % PER_LINE * Lanes.COUNT;
        int group = PER_LINE == 1 ? 0 : 2 * i / PER_LINE;
        int s0 = panel.scaleAt(group, g) + left;
        int s1 = PER_LINE == 1 ? panel.scaleAt(1, g) : s0 + Lanes.COUNT;
        int to = row * COLUMNS + 2 * i * Lanes.COUNT;
        if (x.integers()) {
          int b0 = panel.shortAt(group, g) + 2 * left;
          int b1 = PER_LINE == 1 ? panel.shortAt(1, g) : b0 + 2 * Lanes.COUNT;
          if (rows == 12) {
            ShortPanels.rows12(x.pairs(), a, panel.shorts, b0, b1, panel.shortSums);
          } else {
            ShortPanels.rows4(x.pairs(), a, panel.shorts, b0, b1, panel.shortSums);
          }
          ShortPanels.finish(
              panel.shortSums, rows, panel.scales, s0, s1, x.scales(), d, panel.results, to);
        } else {
          int b0 = panel.floatAt(group, g) + left;
          int b1 = PER_LINE == 1 ? panel.floatAt(1, g) : b0 + Lanes.COUNT;
          if (rows == 12) {
            FloatPanels.rows12(x.floats(), a, panel.floats, b0, b1, panel.floatSums);
          } else {
            FloatPanels.rows4(x.floats(), a, panel.floats, b0, b1, panel.floatSums);
          }
          FloatPanels.finish(
              panel.floatSums, rows, panel.scales, s0, s1, x.scales(), d, panel.results, to);
        }
      }
    }
  }

  /// Returns how many 32-bit words of a row of activations a block of inputs takes.
  static int steps(boolean integers) {
    return integers ? BLOCK / 2 : BLOCK;
  }

  /// What a worker alone uses: an unpacked slice of a panel, sums of a block, results.
  static final class Panel {
    /// Blocks of inputs that are unpacked at a time: a panel of 1,024 inputs takes 64 KB as int16
    /// and 128 KB as float32, which stay in a second-level cache beside the results of 512 rows.
    static final int SLICE = 32;

    private static final int GROUP = SLICE * BLOCK * LINE_ROWS;

    final short[] shorts = new short[2 * GROUP];
    final float[] floats = new float[2 * GROUP];
    final float[] scales = new float[2 * SLICE * LINE_ROWS];
    final short[] shortSums = new short[2 * 12 * 2 * Lanes.COUNT];
    final float[] floatSums = new float[2 * 12 * Lanes.COUNT];
    float[] results = new float[0];

    /// Makes room for the results of `rows` rows, all zero.
    void clear(int rows) {
      if (results.length < rows * COLUMNS) {
        results = new float[rows * COLUMNS];
      } else {
        Arrays.fill(results, 0, rows * COLUMNS, 0f);
      }
    }

    /// Returns where the int16 lines of a block of a group start.
    int shortAt(int group, int block) {
      return group * GROUP + block * BLOCK * LINE_ROWS;
    }

    /// Returns where the float32 lines of a block of a group start.
    int floatAt(int group, int block) {
      return group * GROUP + block * BLOCK * LINE_ROWS;
    }

    /// Returns where the scales of a block of a group start.
    int scaleAt(int group, int block) {
      return (group * SLICE + block) * LINE_ROWS;
    }
  }
}
