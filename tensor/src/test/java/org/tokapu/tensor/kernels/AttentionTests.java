package org.tokapu.tensor.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tokapu.tensor.AttentionRun;
import org.tokapu.tensor.AttentionSpec;
import org.tokapu.tensor.Kernels;
import org.tokapu.tensor.KvLayout;
import org.tokapu.tensor.KvLayout.KvType;
import org.tokapu.tensor.Parallel;
import org.tokapu.tensor.RopeTable;
import org.tokapu.tensor.Tensor;
import org.tokapu.tensor.reference.ReferenceKernels;

/// Attention of every provider against the reference, and against itself in pieces.
class AttentionTests {
  private final Arena arena = Arena.ofAuto();
  private final Random random = new Random(5);

  /// Heads, key/value heads, head size, positions, tokens of a page.
  record Shape(int heads, int kvHeads, int headDim, int positions, int pageTokens) {}

  private static final List<Shape> SHAPES =
      List.of(
          new Shape(1, 1, 1, 1, 16),
          new Shape(4, 2, 6, 17, 16),
          new Shape(7, 1, 20, 70, 32),
          new Shape(16, 2, 64, 130, 64),
          new Shape(3, 3, 80, 200, 48));

  static Stream<Kernels> kernels() {
    return KernelProviders.all().stream()
        .filter(p -> p.unsupportedBecause().isEmpty() && !p.name().equals("reference"))
        .map(p -> p.create(Parallel.single()));
  }

  private Tensor gaussian(int rows, int cols) {
    Tensor x = Tensor.allocate(arena, rows, cols);
    for (int t = 0; t < rows; t++) {
      for (int i = 0; i < cols; i++) {
        x.set(t, i, (float) random.nextGaussian());
      }
    }
    return x;
  }

  private static List<AttentionSpec> specs(Shape s) {
    AttentionSpec causal = AttentionSpec.causal(s.heads, s.kvHeads, s.headDim);
    return List.of(
        causal,
        causal.window(5),
        causal.window(70),
        new AttentionSpec(
            s.heads, s.kvHeads, s.headDim, 3 * causal.scale(), new AttentionSpec.Mask.Full()));
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void agreesWithReference(Kernels kernels) {
    Kernels reference = new ReferenceKernels(Parallel.single());
    for (Shape s : SHAPES) {
      for (KvType type : KvType.values()) {
        KvLayout layout = new KvLayout(2, s.kvHeads, s.headDim, s.pageTokens, type);
        PagedCache cache = PagedCache.of(arena, layout, s.positions, 3);
        List<AttentionRun> all = List.of(new AttentionRun(0, s.positions, 0, cache));
        Tensor k = gaussian(s.positions, s.kvHeads * s.headDim);
        kernels.storeKv(k, gaussian(s.positions, k.cols()), all, 1);
        Tensor q = gaussian(s.positions, s.heads * s.headDim);
        for (AttentionSpec spec : type == KvType.F32 ? specs(s) : specs(s).subList(0, 1)) {
          Tensor expected = Tensor.allocate(arena, q.rows(), q.cols());
          Tensor actual = Tensor.allocate(arena, q.rows(), q.cols());
          reference.attend(q, all, 1, spec, expected);
          kernels.attend(q, all, 1, spec, actual);
          // Weighted means of numbers of order one; scores of up to about thirty carry a relative
          // error of some 1e-6 into the weights.
          assertThat(distance(actual, expected)).as("%s %s %s", s, type, spec).isLessThan(2e-5f);
        }
      }
    }
  }

  /// Not a number counts as infinitely far.
  private static float distance(Tensor a, Tensor b) {
    float max = 0;
    for (int t = 0; t < a.rows(); t++) {
      for (int i = 0; i < a.cols(); i++) {
        float d = Math.abs(a.get(t, i) - b.get(t, i));
        max = Float.isNaN(d) ? Float.POSITIVE_INFINITY : Math.max(max, d);
      }
    }
    return max;
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void chunksPagesAndCompanyDoNotShow(Kernels kernels) {
    Shape s = new Shape(8, 2, 20, 150, 64);
    Tensor k = gaussian(s.positions, s.kvHeads * s.headDim);
    Tensor v = gaussian(s.positions, s.kvHeads * s.headDim);
    Tensor q = gaussian(s.positions, s.heads * s.headDim);
    for (AttentionSpec spec : specs(s).subList(0, 3)) {
      Tensor whole = Tensor.allocate(arena, q.rows(), q.cols());
      step(kernels, s, 64, q, k, v, new int[] {150}, spec, whole);
      for (int pageTokens : new int[] {16, 32, 48}) {
        Tensor pieces = Tensor.allocate(arena, q.rows(), q.cols());
        step(kernels, s, pageTokens, q, k, v, new int[] {1, 1, 13, 50, 1, 64, 20}, spec, pieces);
        for (int t = 0; t < q.rows(); t++) {
          assertThat(pieces.row(t))
              .as("row %d, pages of %d", t, pageTokens)
              .isEqualTo(whole.row(t));
        }
      }
    }
  }

  /// Feeds the rows in pieces, each beside another sequence.
  private void step(
      Kernels kernels,
      Shape s,
      int pageTokens,
      Tensor q,
      Tensor k,
      Tensor v,
      int[] pieces,
      AttentionSpec spec,
      Tensor out) {
    KvLayout layout = new KvLayout(1, s.kvHeads, s.headDim, pageTokens, KvType.F32);
    PagedCache cache = PagedCache.of(arena, layout, s.positions, 4);
    PagedCache other = PagedCache.of(arena, layout, s.positions, 5);
    int start = 0;
    for (int rows : pieces) {
      List<AttentionRun> runs = new ArrayList<>();
      runs.add(new AttentionRun(start, rows, start, cache));
      if (start > 0) {
        runs.add(new AttentionRun(0, start, 0, other));
      }
      kernels.storeKv(k, v, runs, 0);
      Tensor all = Tensor.allocate(arena, q.rows(), q.cols());
      kernels.attend(q, runs, 0, spec, all);
      out.slice(start, rows).data().copyFrom(all.slice(start, rows).data());
      start += rows;
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void ropeAgreesWithReference(Kernels kernels) {
    Kernels reference = new ReferenceKernels(Parallel.single());
    for (RopeTable.Layout layout : RopeTable.Layout.values()) {
      for (int pairs : new int[] {1, 3, 8, 16, 33, 64}) {
        float[] frequencies = new float[pairs];
        for (int i = 0; i < pairs; i++) {
          frequencies[i] = (float) Math.pow(10000, -(double) i / pairs);
        }
        RopeTable table = new RopeTable(arena, 40, frequencies, 1.1f, layout);
        int headDim = 2 * pairs + 3;
        Tensor expected = gaussian(3, 2 * headDim);
        Tensor actual = Tensor.allocate(arena, 3, 2 * headDim);
        actual.data().copyFrom(expected.data());
        int[] positions = {0, 7, 39};
        reference.rope(expected, headDim, table, positions);
        kernels.rope(actual, headDim, table, positions);
        for (int t = 0; t < 3; t++) {
          for (int i = 0; i < 2 * headDim; i++) {
            // Two products and a sum of numbers up to about five.
            assertThat(actual.get(t, i)).isCloseTo(expected.get(t, i), within(2e-6f));
          }
        }
      }
    }
  }
}
