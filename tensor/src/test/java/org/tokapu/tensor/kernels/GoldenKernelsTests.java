package org.tokapu.tensor.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tokapu.base.json.JsonObject;
import org.tokapu.tensor.AttentionRun;
import org.tokapu.tensor.AttentionSpec;
import org.tokapu.tensor.KernelProvider;
import org.tokapu.tensor.Kernels;
import org.tokapu.tensor.KvLayout;
import org.tokapu.tensor.Matmul;
import org.tokapu.tensor.Parallel;
import org.tokapu.tensor.RopeTable;
import org.tokapu.tensor.Tensor;
import org.tokapu.tensor.Weight;
import org.tokapu.tensor.quant.F32;
import org.tokapu.testkit.TestData;

/// Every provider against PyTorch (see the README of the golden figures).
class GoldenKernelsTests {
  private static final JsonObject GOLDEN = TestData.json("golden/kernels.json");

  /// A few roundings of float32 at magnitudes up to about ten.
  private static final float TOLERANCE = 4e-6f;

  private final Arena arena = Arena.ofAuto();

  static Stream<Kernels> kernels() {
    return KernelProviders.all().stream()
        .filter(p -> p.unsupportedBecause().isEmpty())
        .map((KernelProvider p) -> p.create(Parallel.single()));
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void matmul(Kernels kernels) {
    JsonObject g = golden("matmul");
    Tensor x = tensor(g, "x", 3, 10);
    Tensor out = Tensor.allocate(arena, 3, 7);
    kernels.matmul(x, kernels.prepare(weight(g, "w", 7, 10), arena), out);
    assertClose(out, g, "y");
    JsonObject low = golden("lowRank");
    Weight adapted =
        new Weight.LowRank(
            weight(g, "w", 7, 10), weight(low, "a", 2, 10), weight(low, "b", 7, 2), 0.75f);
    Matmul both = kernels.prepare(adapted, arena);
    kernels.matmul(x, both, out);
    assertClose(out, low, "y");
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void norms(Kernels kernels) {
    JsonObject g = golden("rmsNorm");
    Tensor x = tensor(g, "x", 3, 12);
    Tensor out = Tensor.allocate(arena, 3, 12);
    kernels.rmsNorm(x, tensor(g, "gain", 1, 12), 1e-5f, out);
    assertClose(out, g, "y");
    kernels.rmsNorm(x, tensor(g, "headGain", 1, 4), 1e-5f, out);
    assertClose(out, g, "perHead");
    JsonObject layer = golden("layerNorm");
    kernels.layerNorm(x, tensor(g, "gain", 1, 12), null, 1e-5f, out);
    assertClose(out, layer, "noBias");
    kernels.layerNorm(x, tensor(g, "gain", 1, 12), tensor(layer, "bias", 1, 12), 1e-5f, x);
    assertClose(x, layer, "y");
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void activations(Kernels kernels) {
    JsonObject g = golden("activations");
    Tensor x = tensor(g, "x", 2, 10);
    Tensor out = Tensor.allocate(arena, 2, 10);
    kernels.swiGlu(x, tensor(g, "up", 2, 10), out);
    assertClose(out, g, "swiGlu");
    kernels.gelu(x, false, out);
    assertClose(out, g, "gelu");
    kernels.gelu(x, true, x);
    assertClose(x, g, "geluTanh");
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void rope(Kernels kernels) {
    for (String name : List.of("rope_full", "rope_partial")) {
      JsonObject g = golden(name);
      float[] frequencies = floats(g, "frequencies");
      for (RopeTable.Layout layout : RopeTable.Layout.values()) {
        Tensor x = tensor(g, "x", 3, 16);
        RopeTable table = new RopeTable(arena, 12, frequencies, 1, layout);
        kernels.rope(x, 8, table, new int[] {0, 3, 11});
        assertClose(x, g, layout.name());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void attention(Kernels kernels) {
    JsonObject g = golden("attention");
    KvLayout layout = new KvLayout(2, 2, 6, 16, KvLayout.KvType.F32);
    PagedCache cache = PagedCache.of(arena, layout, 9, 1);
    AttentionRun whole = new AttentionRun(0, 9, 0, cache);
    kernels.storeKv(tensor(g, "k", 9, 12), tensor(g, "v", 9, 12), List.of(whole), 1);
    Tensor q = tensor(g, "q", 4, 24);
    Tensor out = Tensor.allocate(arena, 4, 24);
    List<AttentionRun> runs = List.of(new AttentionRun(0, 4, 5, cache));
    AttentionSpec causal = AttentionSpec.causal(4, 2, 6);
    kernels.attend(q, runs, 1, causal, out);
    assertClose(out, g, "causal");
    kernels.attend(q, runs, 1, causal.window(3), out);
    assertClose(out, g, "window");
    AttentionSpec full = new AttentionSpec(4, 2, 6, causal.scale(), new AttentionSpec.Mask.Full());
    kernels.attend(q, runs, 1, full, out);
    assertClose(out, g, "full");
  }

  private static JsonObject golden(String name) {
    return GOLDEN.object(name).orElseThrow();
  }

  private static float[] floats(JsonObject g, String key) {
    List<?> list = g.list(key);
    float[] out = new float[list.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = ((Number) list.get(i)).floatValue();
    }
    return out;
  }

  private Tensor tensor(JsonObject g, String key, int rows, int cols) {
    return Tensor.of(arena, rows, cols, floats(g, key));
  }

  private Weight.Stored weight(JsonObject g, String key, int rows, int cols) {
    MemorySegment data = tensor(g, key, rows, cols).data();
    return new Weight.Stored(data, F32.FORMAT, rows, cols);
  }

  private static void assertClose(Tensor actual, JsonObject g, String key) {
    float[] expected = floats(g, key);
    assertThat(expected).hasSize(actual.rows() * actual.cols());
    for (int i = 0; i < expected.length; i++) {
      float is = actual.get(i / actual.cols(), i % actual.cols());
      float allowed = TOLERANCE * Math.max(1, Math.abs(expected[i]));
      assertThat(is)
          .as("%s[%d]", key, i)
          .isCloseTo(expected[i], org.assertj.core.api.Assertions.within(allowed));
    }
  }
}
