package org.tokapu.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.json.Json;
import org.tokapu.base.json.JsonObject;
import org.tokapu.model.Architecture;
import org.tokapu.model.Hyperparameters;
import org.tokapu.model.WeightSource;
import org.tokapu.model.source.ModelSource;
import org.tokapu.model.source.ModelSources;
import org.tokapu.testkit.GoldenWeights;
import org.tokapu.testkit.TestData;
import org.tokapu.text.Tokenizer;

/// Model folders whose weights are a formula: the models of the golden set, and one that speaks
/// bytes.
final class TinyModel {
  private TinyModel() {}

  /// Writes a model of the golden set as a Hugging Face folder.
  static Path golden(String name, Path folder) {
    return write(TestData.json("golden/" + name + ".json"), 0, folder);
  }

  /// Opens a LLaMA of random weights over the vocabulary of [ByteTokenizer].
  static Model bytes(Path folder, ModelOptions options) {
    JsonObject golden = TestData.json("golden/llama-mha.json");
    return bytes(write(golden, ByteTokenizer.SIZE, folder), options, Optional.empty());
  }

  /// Opens what `folder` holds as a model that speaks bytes.
  static Model bytes(Path folder, ModelOptions options, Optional<String> chatTemplate) {
    return Model.own(
        new WithTokenizer(ModelSources.open(folder), new ByteTokenizer(), chatTemplate), options);
  }

  /// @param vocabulary rows of the embeddings; 0 for as many as the golden model has
  private static Path write(JsonObject golden, int vocabulary, Path folder) {
    Map<String, @Nullable Object> config =
        new LinkedHashMap<>(golden.object("config").orElseThrow().map());
    int rows = vocabulary > 0 ? vocabulary : ((Number) config.get("vocab_size")).intValue();
    int old = ((Number) config.get("vocab_size")).intValue();
    config.put("vocab_size", rows);
    Map<String, @Nullable Object> header = new LinkedHashMap<>();
    Map<String, float[]> data = new LinkedHashMap<>();
    long offset = 0;
    long seed = golden.integer("seed").orElseThrow();
    for (JsonObject t : golden.objects("tensors")) {
      String name = t.text("name").orElseThrow();
      List<Integer> shape =
          t.list("shape").stream()
              .map(n -> ((Number) n).intValue())
              .map(n -> n == old ? rows : n)
              .toList();
      int count = shape.stream().reduce(1, (a, b) -> a * b);
      float base = t.number("base").orElseThrow().floatValue();
      float scale = t.number("scale").orElseThrow().floatValue();
      data.put(name, GoldenWeights.values(name, seed, count, base, scale));
      long end = offset + 4L * count;
      header.put(
          name, Map.of("dtype", "F32", "shape", shape, "data_offsets", List.of(offset, end)));
      offset = end;
    }
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("config.json"), Json.write(config));
      Files.write(folder.resolve("model.safetensors"), safetensors(header, data, (int) offset));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return folder;
  }

  private static byte[] safetensors(
      Map<String, @Nullable Object> header, Map<String, float[]> data, int size) {
    String json = Json.write(header);
    byte[] head = (json + " ".repeat(7 - (json.length() + 7) % 8)).getBytes(StandardCharsets.UTF_8);
    ByteBuffer out = ByteBuffer.allocate(8 + head.length + size).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(head.length).put(head);
    for (float[] values : data.values()) {
      for (float v : values) {
        out.putFloat(v);
      }
    }
    return out.array();
  }

  /// A source with another tokenizer and chat template.
  private record WithTokenizer(ModelSource model, Tokenizer bytes, Optional<String> chatTemplate)
      implements ModelSource {
    @Override
    public Path path() {
      return model.path();
    }

    @Override
    public String kind() {
      return model.kind();
    }

    @Override
    public Architecture architecture() {
      return model.architecture();
    }

    @Override
    public Hyperparameters hyperparameters() {
      return model.hyperparameters();
    }

    @Override
    public WeightSource weights() {
      return model.weights();
    }

    @Override
    public Optional<Tokenizer> tokenizer() {
      return Optional.of(bytes);
    }

    @Override
    public Optional<String> licence() {
      return Optional.empty();
    }

    @Override
    public void close() {
      model.close();
    }
  }
}
