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
import org.junit.jupiter.params.provider.ValueSource;
import org.tokapu.tensor.Kernels;
import org.tokapu.tensor.Matmul;
import org.tokapu.tensor.Parallel;
import org.tokapu.tensor.QuantFormat;
import org.tokapu.tensor.Tensor;
import org.tokapu.tensor.Weight;
import org.tokapu.tensor.quant.F16;
import org.tokapu.tensor.quant.F32;
import org.tokapu.tensor.quant.QuantFormats;
import org.tokapu.tensor.reference.ReferenceKernels;

/// The vector kernels against the reference, and each row against itself in other company.
class VectorKernelsTests {
  private static final List<QuantFormat> FORMATS = QuantFormats.ALL;

  private final Arena arena = Arena.ofAuto();
  private final Random random = new Random(7);

  private Tensor activations(int rows, int cols) {
    Tensor x = Tensor.allocate(arena, rows, cols);
    for (int t = 0; t < rows; t++) {
      for (int i = 0; i < cols; i++) {
        x.set(t, i, (float) random.nextGaussian());
      }
    }
    return x;
  }

  /// Encoded where the format can be written; else random bytes whose decoded rows are finite.
  private Weight.Stored weight(QuantFormat format, int rows, int cols) {
    MemorySegment data = arena.allocate(format.bytes((long) rows * cols), 64);
    long rowBytes = format.bytes(cols);
    float[] row = new float[cols];
    for (int r = 0; r < rows; r++) {
      do {
        if (format.writable()) {
          for (int i = 0; i < cols; i++) {
            row[i] = (float) random.nextGaussian() / 8;
          }
          format.encode(row, 0, cols, null, 0, data, r * rowBytes);
        } else {
          byte[] bytes = new byte[(int) rowBytes];
          random.nextBytes(bytes);
          MemorySegment.copy(bytes, 0, data, ValueLayout.JAVA_BYTE, r * rowBytes, bytes.length);
        }
        format.decode(data, r * rowBytes, row, 0, cols);
      } while (!finite(row));
    }
    return new Weight.Stored(data, format, rows, cols);
  }

  private static boolean finite(float[] row) {
    for (float v : row) {
      if (!Float.isFinite(v) || Math.abs(v) > 1e12f) {
        return false;
      }
    }
    return true;
  }

  private Tensor product(Kernels kernels, Tensor x, Weight weight) {
    Tensor out = Tensor.allocate(arena, x.rows(), weight.rows());
    kernels.matmul(x, kernels.prepare(weight, arena), out);
    return out;
  }

  /// Sums in float32 over n products err by at most about n/lanes roundings of the sum of the
  /// products' magnitudes; 1e-6 of that sum is far above for these lengths.
  private void assertAgrees(Weight.Stored w, int tokens) {
    Tensor x = activations(tokens, w.cols());
    Tensor expected = product(new ReferenceKernels(Parallel.single()), x, w);
    Tensor actual = product(new VectorKernels(Parallel.single(), Precision.EXACT), x, w);
    float[] row = new float[w.cols()];
    for (int r = 0; r < w.rows(); r++) {
      w.decodeRow(r, row, 0);
      for (int t = 0; t < tokens; t++) {
        double magnitude = 0;
        for (int i = 0; i < row.length; i++) {
          magnitude += Math.abs((double) row[i] * x.get(t, i));
        }
        assertThat((double) actual.get(t, r))
            .as("token %d, output %d", t, r)
            .isCloseTo(expected.get(t, r), within(1e-6 * magnitude + 1e-30));
      }
    }
  }

  @ParameterizedTest
  @FieldSource("FORMATS")
  void agreesWithReference(QuantFormat format) {
    for (int blocks : new int[] {1, 3}) {
      assertAgrees(weight(format, 19, blocks * format.blockSize()), 5);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 15, 17, 63, 64, 65, 131, 1000})
  void agreesAtOddSizes(int cols) {
    for (QuantFormat format : FORMATS) {
      if (format.blockSize() == 1) {
        assertAgrees(weight(format, 1, cols), 1);
        assertAgrees(weight(format, 33, cols), 9);
      }
    }
  }

  @ParameterizedTest
  @FieldSource("FORMATS")
  void decodesBitForBit(QuantFormat format) {
    Weight.Stored w = weight(format, 3, 5 * format.blockSize());
    float[] expected = new float[w.cols()];
    float[] actual = new float[w.cols()];
    for (int r = 0; r < w.rows(); r++) {
      w.decodeRow(r, expected, 0);
      VectorMatmul.of(w).decodeRow(r, actual, 0);
      assertThat(actual).isEqualTo(expected);
    }
  }

  @Test
  void decodesEveryHalf() {
    MemorySegment data = arena.allocate(2 << 16);
    for (int i = 0; i < 1 << 16; i++) {
      data.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) i);
    }
    Weight.Stored w = new Weight.Stored(data, F16.FORMAT, 1, 1 << 16);
    float[] expected = new float[1 << 16];
    float[] actual = new float[1 << 16];
    w.decodeRow(0, expected, 0);
    VectorMatmul.of(w).decodeRow(0, actual, 0);
    assertThat(actual).isEqualTo(expected);
  }

  @ParameterizedTest
  @FieldSource("FORMATS")
  void rowsDoNotDependOnCompanyOrThreads(QuantFormat format) {
    int cols = format.blockSize() == 1 ? 301 : 2 * format.blockSize();
    List<Weight.Stored> weights = List.of(weight(format, 37, cols), weight(format, 5, cols));
    Tensor x = activations(11, cols);
    try (Parallel two = Parallel.of(2);
        Parallel three = Parallel.of(3)) {
      for (Weight w : weights) {
        Tensor all = product(new VectorKernels(Parallel.single(), Precision.EXACT), x, w);
        for (int t = 0; t < x.rows(); t++) {
          Tensor alone =
              product(new VectorKernels(Parallel.single(), Precision.EXACT), x.slice(t, 1), w);
          assertThat(alone.row(0)).isEqualTo(all.row(t));
        }
        Tensor some = product(new VectorKernels(two, Precision.EXACT), x.slice(2, 7), w);
        Tensor shared =
            together(new VectorKernels(three, Precision.EXACT), x, weights, weights.indexOf(w));
        for (int t = 0; t < 7; t++) {
          assertThat(some.row(t)).isEqualTo(all.row(t + 2));
        }
        for (int t = 0; t < x.rows(); t++) {
          assertThat(shared.row(t)).isEqualTo(all.row(t));
        }
      }
    }
  }

  private Tensor together(Kernels kernels, Tensor x, List<Weight.Stored> weights, int which) {
    List<Matmul> prepared = weights.stream().map(w -> kernels.prepare(w, arena)).toList();
    List<Tensor> out =
        weights.stream().map(w -> Tensor.allocate(arena, x.rows(), w.rows())).toList();
    kernels.matmul(x, prepared, out);
    return out.get(which);
  }

  @Test
  void lowRankOverLowRank() {
    Weight base = weight(F32.FORMAT, 21, 70);
    for (int rank : new int[] {3, 5}) {
      base =
          new Weight.LowRank(
              base, weight(F32.FORMAT, rank, 70), weight(F32.FORMAT, 21, rank), 0.5f);
    }
    Tensor x = activations(6, 70);
    Tensor expected = product(new ReferenceKernels(Parallel.single()), x, base);
    // Values are of order one: a few dozen roundings of 6e-8.
    assertClose(
        product(new VectorKernels(Parallel.single(), Precision.EXACT), x, base), expected, 4e-6f);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 16, 33, 130})
  void elementwiseAgrees(int cols) {
    Kernels reference = new ReferenceKernels(Parallel.single());
    Kernels vector = new VectorKernels(Parallel.single(), Precision.EXACT);
    Tensor a = activations(3, cols);
    Tensor b = activations(3, cols);
    Tensor gain = activations(1, cols);
    Tensor expected = Tensor.allocate(arena, 3, cols);
    Tensor actual = Tensor.allocate(arena, 3, cols);
    reference.add(a, b, expected);
    vector.add(a, b, actual);
    assertClose(actual, expected, 0);
    reference.add(a, gain, expected);
    vector.add(a, gain, actual);
    assertClose(actual, expected, 0);
    reference.swiGlu(a, b, expected);
    vector.swiGlu(a, b, actual);
    assertClose(actual, expected, 2e-6f);
    reference.rmsNorm(a, gain, 1e-5f, expected);
    vector.rmsNorm(a, gain, 1e-5f, actual);
    assertClose(actual, expected, 4e-6f);
    reference.layerNorm(a, gain, b.slice(0, 1), 1e-5f, expected);
    vector.layerNorm(a, gain, b.slice(0, 1), 1e-5f, actual);
    assertClose(actual, expected, 4e-6f);
    for (boolean tanh : new boolean[] {true, false}) {
      reference.gelu(a, tanh, expected);
      vector.gelu(a, tanh, actual);
      assertClose(actual, expected, 2e-6f);
    }
  }

  @Test
  void swiGluOfExtremes() {
    float[] gates = {-1e30f, -200, -100, -88, -87, -20, -1e-6f, 0, 1e-6f, 20, 87, 88, 200, 1e30f};
    Tensor gate = Tensor.of(arena, 1, gates.length, gates);
    Tensor up = Tensor.allocate(arena, 1, gates.length);
    for (int i = 0; i < gates.length; i++) {
      up.set(0, i, 1);
    }
    Tensor out = Tensor.allocate(arena, 1, gates.length);
    new VectorKernels(Parallel.single(), Precision.EXACT).swiGlu(gate, up, out);
    for (int i = 0; i < gates.length; i++) {
      double g = gates[i];
      double silu = g / (1 + Math.exp(-g));
      assertThat((double) out.get(0, i)).isCloseTo(silu, within(1e-6 * Math.abs(silu) + 1e-7));
    }
  }

  private static void assertClose(Tensor actual, Tensor expected, float tolerance) {
    for (int t = 0; t < expected.rows(); t++) {
      for (int i = 0; i < expected.cols(); i++) {
        float e = expected.get(t, i);
        assertThat(actual.get(t, i)).isCloseTo(e, within(tolerance * Math.max(1, Math.abs(e))));
      }
    }
  }
}
