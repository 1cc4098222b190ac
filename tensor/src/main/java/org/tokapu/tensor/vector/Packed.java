package org.tokapu.tensor.vector;

import static org.tokapu.tensor.vector.Lanes.BYTES;
import static org.tokapu.tensor.vector.Lanes.LINE;
import static org.tokapu.tensor.vector.Lanes.LINE_ROWS;
import static org.tokapu.tensor.vector.Lanes.PER_LINE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.tokapu.tensor.Matmul;

/// A weight whose rows lie interleaved, 16 to a line of 64 bytes, so that a lane is a row and no
/// sum ever runs across lanes.
///
/// A *column group* is 16 rows of the weight, that is 16 columns of the product. It is a run of
/// `groupBytes` in which lines follow by ascending input; within a line, word `r` belongs to row
/// `r`. Rows are padded with zeros to a multiple of 64, the unit of work.
abstract class Packed implements Matmul {
  /// Column groups that one piece of work takes.
  static final int UNIT = 4;

  /// Inputs that are unpacked at a time for [Panels]: 32 columns of them take 32 KB, which stay in
  /// a first-level cache of 48 KB. Also the length of a partial sum where weights have no scales.
  static final int SLICE = 256;

  private final int rows;
  private final int cols;
  private final long groupBytes;
  private final MemorySegment memory;

  Packed(int rows, int cols, long groupBytes, Arena arena) {
    this.rows = rows;
    this.cols = cols;
    this.groupBytes = groupBytes;
    this.memory = arena.allocate(units(rows) * UNIT * groupBytes, LINE);
  }

  /// Returns how many pieces of work `rows` rows make.
  static int units(int rows) {
    return (rows + UNIT * LINE_ROWS - 1) / (UNIT * LINE_ROWS);
  }

  @Override
  public final int rows() {
    return rows;
  }

  @Override
  public final int cols() {
    return cols;
  }

  /// Returns the memory, for packing; it also keeps the arena reachable.
  final MemorySegment memory() {
    return memory;
  }

  /// Returns the bytes of a column group.
  final long groupBytes() {
    return groupBytes;
  }

  /// Returns the address of a column group.
  final long group(int index) {
    return memory.address() + index * groupBytes;
  }

  /// Returns the address of vector `index`, counted over all column groups.
  final long vector(int index) {
    return group(index / PER_LINE) + (long) (index % PER_LINE) * BYTES;
  }

  /// Returns how many inputs share a scale; [#SLICE] if there are no scales.
  abstract int scaleLength();

  /// Returns whether groups of inputs have an offset, which needs sums of inputs.
  boolean hasOffsets() {
    return false;
  }

  /// Unpacks inputs `first .. first + count` of a column group to float32.
  ///
  /// @param first a multiple of [#SLICE]
  /// @param scratch room for `SLICE` lines of weights, then `SLICE / 16` of scales, then as many of
  ///     offsets
  abstract void unpack(int group, int first, int count, Operand into, long scratch);

  /// Multiplies one row of inputs with the 64 columns of piece `unit`.
  ///
  /// @param x the inputs
  /// @param sums the inputs' sums by [#scaleLength]; read only with offsets
  /// @param out 64 results
  /// @param scratch as for [#unpack], 4 times
  abstract void multiplyRow(long x, long sums, int unit, long out, long scratch);
}
