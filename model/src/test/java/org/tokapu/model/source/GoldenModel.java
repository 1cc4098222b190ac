package org.tokapu.model.source;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.tokapu.base.json.JsonObject;
import org.tokapu.model.Architecture;
import org.tokapu.model.Hyperparameters;
import org.tokapu.model.Transformer;
import org.tokapu.model.WeightSource;
import org.tokapu.model.arch.Architectures;
import org.tokapu.tensor.Tensor;
import org.tokapu.tensor.Weight;
import org.tokapu.tensor.quant.F32;
import org.tokapu.testkit.GoldenWeights;
import org.tokapu.testkit.TestData;

/// A model of the golden set: weights by formula, expected figures from transformers.
record GoldenModel(
    String name,
    Architecture family,
    Hyperparameters hyperparameters,
    WeightSource weights,
    JsonObject json) {
  static GoldenModel load(String name, Arena arena) {
    JsonObject json = TestData.json("golden/" + name + ".json");
    JsonObject config = json.object("config").orElseThrow();
    Architecture family =
        Architectures.byModelType(config.text("model_type").orElseThrow()).orElseThrow();
    Map<String, Weight.Stored> tensors = tensors(json, arena);
    HfNames names =
        new HfNames(
            family,
            tensors.keySet(),
            config.flag("tie_word_embeddings").orElse(family.tiedByDefault()),
            tensors::get,
            arena);
    return new GoldenModel(
        name,
        family,
        HfConfig.parse(config, family, name),
        new MappedWeights(
            name, org.tokapu.tensor.RopeTable.Layout.HALVES, names.names(), names::find, arena),
        json);
  }

  private static Map<String, Weight.Stored> tensors(JsonObject json, Arena arena) {
    Map<String, Weight.Stored> out = new HashMap<>();
    long seed = json.integer("seed").orElseThrow();
    for (JsonObject t : json.objects("tensors")) {
      String tensor = t.text("name").orElseThrow();
      int[] shape = ints(t, "shape");
      int rows = shape.length == 1 ? 1 : shape[0];
      int cols = shape[shape.length - 1];
      float base = t.number("base").orElseThrow().floatValue();
      float scale = t.number("scale").orElseThrow().floatValue();
      float[] values = GoldenWeights.values(tensor, seed, rows * cols, base, scale);
      Assertions.assertThat(GoldenWeights.crc32(values))
          .as(tensor)
          .isEqualTo(Long.parseLong(t.text("crc32").orElseThrow(), 16));
      out.put(
          tensor,
          new Weight.Stored(Tensor.of(arena, rows, cols, values).data(), F32.FORMAT, rows, cols));
    }
    return out;
  }

  Transformer transformer(Arena arena, int context) {
    return family.load(hyperparameters, weights, arena, context);
  }

  JsonObject sample(String name) {
    return json.objects("cases").stream()
        .filter(c -> c.text("case").orElseThrow().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /// The array `key` of a case, row-major.
  static float[] array(JsonObject of, String key) {
    return floats(of.object(key).orElseThrow());
  }

  static float[] floats(JsonObject array) {
    List<Object> data = new ArrayList<>(array.list("data"));
    float[] out = new float[data.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = ((Number) data.get(i)).floatValue();
    }
    return out;
  }

  static int[] ints(JsonObject of, String key) {
    return of.list(key).stream().mapToInt(v -> ((Number) v).intValue()).toArray();
  }

  static int[] ids(JsonObject of, String key) {
    return ints(of.object(key).orElseThrow(), "data");
  }
}
