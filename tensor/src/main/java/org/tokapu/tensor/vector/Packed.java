package org.tokapu.tensor.vector;

import static org.tokapu.tensor.vector.Native.BYTES;
import static org.tokapu.tensor.vector.Native.LINE;
import static org.tokapu.tensor.vector.Native.LINE_ROWS;
import static org.tokapu.tensor.vector.Native.PER_LINE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Optional;
import org.tokapu.tensor.Parallel;
import org.tokapu.tensor.Weight;
import org.tokapu.tensor.quant.Q4_0;
import org.tokapu.tensor.quant.Q8_0;

/// A weight whose rows lie interleaved, 16 to a line of 64 bytes, so that a lane is a row and no
/// sum ever runs across lanes. Multiplied by activations in int8, see [Activations].
///
/// A *group* is 16 rows of the weight, which are 16 columns of the product. It holds first, for
/// every block of 32 inputs, lines in which word `r` holds four bytes of row `r` as the file has
/// them, but for inverted bits; and after all lines, 16 F16 scales for every block, so that lines
/// are lines of the cache. Rows are padded with zeros to a multiple of 64, the unit of work, which
/// is read in four streams. The bits per weight are those of the file.
abstract sealed class Packed permits PackedQ4, PackedQ8 {
  /// Groups that one piece of work takes.
  static final int UNIT = 4;

  /// Bytes of a block's scales.
  static final int SCALES = 2 * LINE_ROWS;

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  private final int rows;
  private final int blocks;
  private final int lines;
  private final int flip;
  private final MemorySegment memory;

  /// Interleaves `weight`, whose blocks are an F16 scale and `4 * lines` bytes.
  ///
  /// @param flip bits of each word that are stored inverted
  Packed(Weight.Stored weight, int lines, int flip, Arena arena, Parallel parallel) {
    this.rows = weight.rows();
    this.blocks = weight.cols() / Panels.BLOCK;
    this.lines = lines;
    this.flip = flip;
    this.memory = arena.allocate((long) units() * UNIT * groupBytes(), LINE);
    parallel.run(Math.ceilDiv(rows, LINE_ROWS), (group, worker) -> interleave(weight, group));
  }

  /// Returns the weight in this form, if its format has one.
  static Optional<Packed> of(Weight.Stored weight, Arena arena, Parallel parallel) {
    if (weight.format().equals(Q4_0.FORMAT)) {
      return Optional.of(new PackedQ4(weight, arena, parallel));
    }
    return weight.format().equals(Q8_0.FORMAT)
        ? Optional.of(new PackedQ8(weight, arena, parallel))
        : Optional.empty();
  }

  private void interleave(Weight.Stored weight, int group) {
    int first = group * LINE_ROWS;
    int count = Math.min(LINE_ROWS, rows - first);
    int rowBytes = (int) weight.rowBytes();
    byte[] in = new byte[count * rowBytes];
    MemorySegment.copy(
        weight.data(), ValueLayout.JAVA_BYTE, first * weight.rowBytes(), in, 0, in.length);
    short[] scales = new short[LINE_ROWS];
    int[] words = new int[lines * LINE_ROWS];
    for (int g = 0; g < blocks; g++) {
      for (int r = 0; r < count; r++) {
        int from = r * rowBytes + g * (2 + 4 * lines);
        scales[r] = (short) SHORTS.get(in, from);
        for (int l = 0; l < lines; l++) {
          words[l * LINE_ROWS + r] = (int) INTS.get(in, from + 2 + 4 * l) ^ flip;
        }
      }
      MemorySegment.copy(scales, 0, memory, SHORT, scaleOffset(group, g), LINE_ROWS);
      MemorySegment.copy(words, 0, memory, INT, lineOffset(group, g), words.length);
    }
  }

  /// Returns the number of columns of the product.
  final int rows() {
    return rows;
  }

  /// Returns how many blocks of 32 inputs there are.
  final int blocks() {
    return blocks;
  }

  /// Returns how many pieces of work of 64 columns there are.
  final int units() {
    return Math.ceilDiv(rows, UNIT * LINE_ROWS);
  }

  private long groupBytes() {
    return (long) blocks * (lines * LINE + SCALES);
  }

  private long lineOffset(int group, int block) {
    return group * groupBytes() + (long) block * lines * LINE;
  }

  private long scaleOffset(int group, int block) {
    return group * groupBytes() + (long) blocks * lines * LINE + (long) block * SCALES;
  }

  /// Fails if the arena has been closed.
  final void checkAlive() {
    if (!memory.scope().isAlive()) {
      throw new IllegalStateException("the arena of a prepared weight has been closed");
    }
  }

  /// Returns whether [#unpack] yields pairs of int16, else float32.
  abstract boolean integers();

  /// Returns the address of the lines of a vector of columns, counted over all groups.
  final long lines(int vector, int block) {
    return memory.address()
        + lineOffset(vector / PER_LINE, block)
        + (long) (vector % PER_LINE) * BYTES;
  }

  /// Returns the address of the scales of a vector of columns.
  final long scales(int vector, int block) {
    return memory.address()
        + scaleOffset(vector / PER_LINE, block)
        + (long) (vector % PER_LINE) * BYTES / 2;
  }

  /// Multiplies row `row` of `x` with the columns of piece `unit`, and adds that to `out`.
  abstract void multiplyRow(Activations x, int row, int unit, RowSums sums, float[] out);

  /// Room for the sums of [RowKernels#BATCH] blocks of four vectors; a worker's own.
  static final class RowSums {
    final short[] shorts = new short[RowKernels.BATCH * 8 * Lanes.COUNT];
    final int[] ints = new int[RowKernels.BATCH * 4 * Lanes.COUNT];
  }

  /// Unpacks `count` blocks of a panel from `first`.
  final void unpack(int index, int first, int count, Panels.Panel panel) {
    for (int group = 0; group < 2; group++) {
      for (int g = 0; g < count; g++) {
        int vector = (2 * index + group) * PER_LINE;
        for (int i = 0; i < PER_LINE; i++) {
          Native.halves(scales(vector + i, first + g))
              .intoArray(panel.scales, panel.scaleAt(group, g) + i * Lanes.COUNT);
        }
        unpackBlock(lines(vector, first + g), panel, group, g);
      }
    }
  }

  /// Unpacks the lines of a block.
  abstract void unpackBlock(long from, Panels.Panel panel, int group, int block);
}
