package org.tokapu.engine.sampling;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.json.JsonObject;
import org.tokapu.testkit.TestData;

/// The logits vectors and the history of the golden sampling figures.
final class GoldenLogits {
  static final JsonObject FILE = TestData.json("golden/sampling.json");

  private GoldenLogits() {}

  static float[] vector(String name) {
    return floats(FILE.object("logits").orElseThrow().list(name));
  }

  static float[] floats(List<@Nullable Object> list) {
    float[] out = new float[list.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = list.get(i) instanceof Number n ? n.floatValue() : Float.NEGATIVE_INFINITY;
    }
    return out;
  }

  static double[] doubles(List<@Nullable Object> list) {
    return list.stream().mapToDouble(n -> ((Number) n).doubleValue()).toArray();
  }

  static int[] ids(List<@Nullable Object> list) {
    return list.stream().mapToInt(n -> ((Number) n).intValue()).toArray();
  }

  static SamplingContext context() {
    return contextOf(32);
  }

  static SamplingContext contextOf(int vocabulary) {
    return new SamplingContext(vocabulary, java.util.Set.of(2), java.util.Optional.empty());
  }
}
