package org.tokapu.tensor.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.tokapu.tensor.Kernels;
import org.tokapu.tensor.Matmul;
import org.tokapu.tensor.Parallel;
import org.tokapu.tensor.QuantFormat;
import org.tokapu.tensor.Tensor;
import org.tokapu.tensor.Weight;
import org.tokapu.tensor.quant.Q4_0;
import org.tokapu.tensor.quant.Q8_0;
import org.tokapu.tensor.reference.ReferenceKernels;

/// Products with int8 activations: against the reference, and one path against the other.
class FastProductTests {
  private static final List<QuantFormat> FORMATS = List.of(Q4_0.FORMAT, Q8_0.FORMAT);

  private final Arena arena = Arena.ofAuto();
  private final Random random = new Random(11);

  private Tensor gaussian(int rows, int cols) {
    Tensor x = Tensor.allocate(arena, rows, cols);
    for (int t = 0; t < rows; t++) {
      for (int i = 0; i < cols; i++) {
        x.set(t, i, (float) random.nextGaussian());
      }
    }
    return x;
  }

  /// Activations that int8 levels hold exactly: whole numbers up to 127 times a power of two, the
  /// largest of which is present in every block.
  private Tensor exactlyQuantizable(int rows, int cols) {
    Tensor x = Tensor.allocate(arena, rows, cols);
    for (int t = 0; t < rows; t++) {
      for (int block = 0; block < cols; block += 32) {
        float scale = Math.scalb(1f, random.nextInt(-9, 3));
        for (int i = 0; i < 32; i++) {
          x.set(t, block + i, scale * random.nextInt(-127, 128));
        }
        x.set(t, block + random.nextInt(32), random.nextBoolean() ? 127 * scale : -127 * scale);
      }
    }
    return x;
  }

  private Weight.Stored weight(QuantFormat format, int rows, int cols) {
    MemorySegment data = arena.allocate(format.bytes((long) rows * cols), 64);
    float[] row = new float[cols];
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < cols; i++) {
        row[i] = (float) random.nextGaussian() / 8;
      }
      format.encode(row, 0, cols, null, 0, data, format.bytes((long) r * cols));
    }
    return new Weight.Stored(data, format, rows, cols);
  }

  private Tensor product(Kernels kernels, Tensor x, Weight weight) {
    Tensor out = Tensor.allocate(arena, x.rows(), weight.rows());
    kernels.matmul(x, kernels.prepare(weight, arena), out);
    return out;
  }

  private static Kernels fast(Parallel parallel) {
    return new VectorKernels(parallel, Precision.FAST);
  }

  @ParameterizedTest
  @FieldSource("FORMATS")
  void nothingElseThanTheRoundingOfActivationsDiffers(QuantFormat format) {
    for (int tokens : new int[] {1, 3, 4, 17}) {
      for (int rows : new int[] {1, 31, 130}) {
        Weight.Stored w = weight(format, rows, 32 * random.nextInt(1, 40));
        Tensor x = exactlyQuantizable(tokens, w.cols());
        Tensor expected = product(new ReferenceKernels(Parallel.single()), x, w);
        Tensor actual = product(fast(Parallel.single()), x, w);
        assertClose(w, x, actual, expected);
      }
    }
  }

  /// Only the scales and the sum over at most 40 blocks round: 1e-6 of the summed magnitudes.
  private static void assertClose(Weight.Stored w, Tensor x, Tensor actual, Tensor expected) {
    float[] row = new float[w.cols()];
    for (int r = 0; r < w.rows(); r++) {
      w.decodeRow(r, row, 0);
      for (int t = 0; t < x.rows(); t++) {
        double magnitude = 0;
        for (int i = 0; i < row.length; i++) {
          magnitude += Math.abs((double) row[i] * x.get(t, i));
        }
        assertThat((double) actual.get(t, r))
            .as("%d inputs, token %d of %d, output %d", w.cols(), t, x.rows(), r)
            .isCloseTo(expected.get(t, r), within(1e-6 * magnitude + 1e-30));
      }
    }
  }

  /// Every byte of a block the same, so also the lowest levels (-8 and -128) by activations that
  /// are all 127 or all -127: the largest sums that 16 bits must hold.
  @ParameterizedTest
  @FieldSource("FORMATS")
  void extremeLevelsDoNotOverflow(QuantFormat format) {
    for (int level : new int[] {0, 0xff, 0x80, 0x7f, 0x0f, 0xf0}) {
      Weight.Stored w = weight(format, 17, 96);
      int block = (int) format.bytes(32);
      for (long i = 0; i < w.data().byteSize(); i++) {
        if (i % block >= 2) {
          w.data().set(ValueLayout.JAVA_BYTE, i, (byte) level);
        }
      }
      for (int tokens : new int[] {1, 4}) {
        Tensor x = Tensor.allocate(arena, tokens, 96);
        for (int t = 0; t < tokens; t++) {
          for (int i = 0; i < 96; i++) {
            x.set(t, i, (t + i / 32) % 2 == 0 ? 127 : -127);
          }
        }
        Tensor expected = product(new ReferenceKernels(Parallel.single()), x, w);
        assertClose(w, x, product(fast(Parallel.single()), x, w), expected);
      }
    }
  }

  @ParameterizedTest
  @FieldSource("FORMATS")
  void roundingCostsAboutOnePercent(QuantFormat format) {
    Weight.Stored w = weight(format, 64, 2048);
    Tensor x = gaussian(8, 2048);
    Tensor expected = product(new ReferenceKernels(Parallel.single()), x, w);
    Tensor actual = product(fast(Parallel.single()), x, w);
    double error = 0;
    double size = 0;
    for (int t = 0; t < 8; t++) {
      for (int r = 0; r < 64; r++) {
        error += Math.pow(actual.get(t, r) - expected.get(t, r), 2);
        size += Math.pow(expected.get(t, r), 2);
      }
    }
    // A level is max|x| / 127, about 2.2 / 127 of the standard deviation; its rounding error is
    // that over sqrt(12), hence 0.5 %.
    assertThat(Math.sqrt(error / size)).isBetween(0.002, 0.01);
  }

  @ParameterizedTest
  @FieldSource("FORMATS")
  void aRowHasTheSameBitsInAnyCompanyOnAnyNumberOfThreads(QuantFormat format) {
    // Two slices of inputs and a rest; columns that fill neither a panel nor a unit.
    List<Weight.Stored> weights = List.of(weight(format, 70, 2080), weight(format, 33, 2080));
    Tensor x = gaussian(40, 2080);
    for (Weight w : weights) {
      Tensor alone = Tensor.allocate(arena, x.rows(), w.rows());
      Kernels single = fast(Parallel.single());
      Matmul function = single.prepare(w, arena);
      for (int t = 0; t < x.rows(); t++) {
        single.matmul(x.slice(t, 1), function, alone.slice(t, 1));
      }
      for (int threads = 1; threads <= 4; threads++) {
        try (Parallel team = Parallel.of(threads)) {
          Kernels kernels = fast(team);
          Matmul prepared = kernels.prepare(w, arena);
          for (int rows = threads; rows <= 40; rows += threads == 1 ? 1 : 4) {
            Tensor some = Tensor.allocate(arena, rows, w.rows());
            kernels.matmul(x.slice(40 - rows, rows), prepared, some);
            for (int t = 0; t < rows; t++) {
              assertThat(some.row(t))
                  .as("row %d of %d, %d threads", t, rows, threads)
                  .isEqualTo(alone.row(40 - rows + t));
            }
          }
        }
      }
    }
  }

  @Test
  void formatsShareActivations() {
    Kernels kernels = fast(Parallel.single());
    List<Weight.Stored> weights = List.of(weight(Q4_0.FORMAT, 40, 96), weight(Q8_0.FORMAT, 50, 96));
    for (int tokens : new int[] {2, 9}) {
      Tensor x = gaussian(tokens, 96);
      List<Tensor> out =
          weights.stream().map(w -> Tensor.allocate(arena, tokens, w.rows())).toList();
      kernels.matmul(x, weights.stream().map(w -> kernels.prepare(w, arena)).toList(), out);
      for (int i = 0; i < 2; i++) {
        Tensor expected = product(kernels, x, weights.get(i));
        for (int t = 0; t < tokens; t++) {
          assertThat(out.get(i).row(t)).isEqualTo(expected.row(t));
        }
      }
    }
  }

  @Test
  void zerosAndTinyValuesGiveZero() {
    Weight.Stored w = weight(Q4_0.FORMAT, 16, 64);
    Tensor x = Tensor.allocate(arena, 5, 64);
    x.set(1, 3, Float.MIN_VALUE);
    x.set(2, 40, Float.MIN_NORMAL);
    Tensor out = product(fast(Parallel.single()), x, w);
    for (int t = 0; t < 5; t++) {
      for (float v : out.row(t)) {
        assertThat(v).isCloseTo(0f, within(1e-37f));
      }
    }
  }
}
