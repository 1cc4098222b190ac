package org.tokapu.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.json.JsonObject;
import org.tokapu.model.source.ModelParts;
import org.tokapu.model.source.ModelSource;
import org.tokapu.model.source.ModelSources;
import org.tokapu.testkit.GoldenFolder;
import org.tokapu.testkit.TestData;
import org.tokapu.text.Tokenizer;

/// A LLaMA of random weights that speaks bytes: the golden one with the vocabulary of
/// [ByteTokenizer].
final class TinyModel {
  private TinyModel() {}

  /// Writes it into `folder` and opens it.
  static LanguageModel open(Path folder, ModelOptions options) {
    try {
      GoldenFolder.write(withVocabulary(ByteTokenizer.SIZE), folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return LanguageModel.own(
        new WithTokenizer(ModelSources.open(folder), new ByteTokenizer()), options);
  }

  private static JsonObject withVocabulary(int size) {
    JsonObject golden = TestData.json("golden/llama-mha.json");
    Map<String, @Nullable Object> changed = new LinkedHashMap<>(golden.map());
    JsonObject config = golden.object("config").orElseThrow();
    long old = config.integer("vocab_size").orElseThrow();
    Map<String, @Nullable Object> newConfig = new LinkedHashMap<>(config.map());
    newConfig.put("vocab_size", (long) size);
    changed.put("config", newConfig);
    List<Object> tensors = new ArrayList<>();
    for (JsonObject tensor : golden.objects("tensors")) {
      Map<String, @Nullable Object> newTensor = new LinkedHashMap<>(tensor.map());
      List<Object> shape = new ArrayList<>();
      tensor.list("shape").forEach(n -> shape.add(n.equals(old) ? (long) size : n));
      newTensor.put("shape", shape);
      tensors.add(newTensor);
    }
    changed.put("tensors", tensors);
    return JsonObject.of(changed, "golden/llama-mha.json with another vocabulary", "");
  }

  /// A source with another tokenizer.
  private record WithTokenizer(ModelSource model, Tokenizer bytes) implements ModelSource {
    @Override
    public ModelParts parts() {
      return model.parts();
    }

    @Override
    public Optional<Tokenizer> tokenizer() {
      return Optional.of(bytes);
    }

    @Override
    public Optional<String> chatTemplate() {
      return Optional.empty();
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
