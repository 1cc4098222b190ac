package org.tokapu.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A dense float32 activation, `[rows, cols]`, row-major, in memory that somebody else owns.
///
/// Ranks above two are folded: heads lie side by side in the columns, `[tokens, heads * headDim]`.
/// Not thread-safe by itself; kernels write disjoint parts from several threads.
public final class Tensor {
  private final MemorySegment data;
  private final int rows;
  private final int cols;

  /// Views `data` as `[rows, cols]`; the segment must be exactly that large.
  public Tensor(MemorySegment data, int rows, int cols) {
    if (data.byteSize() != (long) rows * cols * Float.BYTES) {
      throw new IllegalArgumentException(
          "[%d, %d] needs %d bytes, got %d"
              .formatted(rows, cols, (long) rows * cols * Float.BYTES, data.byteSize()));
    }
    this.data = data;
    this.rows = rows;
    this.cols = cols;
  }

  /// Allocates a zeroed tensor that lives as long as `arena`, aligned to a cache line.
  public static Tensor allocate(Arena arena, int rows, int cols) {
    return new Tensor(arena.allocate((long) rows * cols * Float.BYTES, 64), rows, cols);
  }

  /// Copies `values`, row-major, into a new tensor that lives as long as `arena`.
  public static Tensor of(Arena arena, int rows, int cols, float... values) {
    Tensor out = allocate(arena, rows, cols);
    MemorySegment.copy(values, 0, out.data, ValueLayout.JAVA_FLOAT, 0, rows * cols);
    return out;
  }

  /// Returns the number of rows, usually tokens.
  public int rows() {
    return rows;
  }

  /// Returns the number of columns, usually features.
  public int cols() {
    return cols;
  }

  /// Returns the memory, for kernels.
  public MemorySegment data() {
    return data;
  }

  /// Returns a view of `count` rows from `first`, sharing this memory.
  public Tensor slice(int first, int count) {
    long row = (long) cols * Float.BYTES;
    return new Tensor(data.asSlice(first * row, count * row), count, cols);
  }

  /// Returns one element; for tests and scalar code, not for inner loops.
  public float get(int row, int col) {
    return data.getAtIndex(ValueLayout.JAVA_FLOAT, (long) row * cols + col);
  }

  /// Sets one element; for tests and scalar code, not for inner loops.
  public void set(int row, int col, float value) {
    data.setAtIndex(ValueLayout.JAVA_FLOAT, (long) row * cols + col, value);
  }

  /// Copies a row to the heap.
  public float[] row(int row) {
    float[] out = new float[cols];
    MemorySegment.copy(data, ValueLayout.JAVA_FLOAT, (long) row * cols * Float.BYTES, out, 0, cols);
    return out;
  }

  @Override
  public String toString() {
    return "Tensor[" + rows + ", " + cols + "]";
  }
}
