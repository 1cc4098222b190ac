package org.tokapu.tensor;

import java.lang.foreign.MemorySegment;

/// A parameter matrix `[rows, cols]` = `[out, in]`, in whatever form it is stored. Owns no memory.
public sealed interface Weight {
  /// Returns the number of outputs.
  int rows();

  /// Returns the number of inputs.
  int cols();

  /// A matrix as its file has it, dense or quantized, row after row.
  ///
  /// @param data exactly `rows` times the bytes of a row; read-only as far as kernels go
  record Stored(MemorySegment data, QuantFormat format, int rows, int cols) implements Weight {
    /// Checks the shape against the format and the memory.
    public Stored {
      if (rows <= 0 || cols <= 0 || cols % format.blockSize() != 0) {
        throw new IllegalArgumentException(
            "[%d, %d] does not fit %s, whose blocks hold %d weights"
                .formatted(rows, cols, format.name(), format.blockSize()));
      }
      long bytes = format.bytes((long) rows * cols);
      if (data.byteSize() != bytes) {
        throw new IllegalArgumentException(
            "%s [%d, %d] takes %d bytes, got %d"
                .formatted(format.name(), rows, cols, bytes, data.byteSize()));
      }
    }

    /// Returns the bytes of one row.
    public long rowBytes() {
      return format.bytes(cols);
    }

    /// Decodes one row into `out[outOffset ..]`.
    public void decodeRow(int row, float[] out, int outOffset) {
      format.decode(data, row * rowBytes(), out, outOffset, cols);
    }
  }

  /// `base + scale * b * a`: a LoRA adapter over any base; over a quantized one, QLoRA.
  ///
  /// @param a `[rank, in]`
  /// @param b `[out, rank]`
  record LowRank(Weight base, Stored a, Stored b, float scale) implements Weight {
    @Override
    public int rows() {
      return base.rows();
    }

    @Override
    public int cols() {
      return base.cols();
    }
  }
}
