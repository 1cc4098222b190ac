package org.tokapu.model.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokapu.base.json.JsonObject;
import org.tokapu.model.convert.ImportanceFiles;
import org.tokapu.model.file.SafetensorsFile;
import org.tokapu.tensor.KernelProvider;
import org.tokapu.tensor.Tensor;
import org.tokapu.tensor.Weight;
import org.tokapu.tensor.kernels.KernelProviders;
import org.tokapu.tensor.quant.F32;
import org.tokapu.tensor.quant.mix.ImportanceMatrix;
import org.tokapu.testkit.TestData;

/// Whole quantized models: against their own decoded weights, against llama.cpp, and made by us.
class QuantizedModelTests {
  @TempDir Path folder;

  static List<Path> files() throws IOException {
    Path set = TestData.find("quant").orElse(null);
    if (set == null) {
      return List.of(Path.of("absent")); // so that the skip is seen
    }
    try (Stream<Path> all = Files.list(set)) {
      return all.filter(f -> f.getFileName().toString().matches("llama256-.*\\.gguf"))
          .sorted()
          .toList();
    }
  }

  /// The reference kernels take activations in float32, so only the order of additions differs.
  @ParameterizedTest
  @MethodSource("files")
  void equalsItsDecodedWeights(Path file) {
    Path path = ReferenceModels.path("quant/" + file.getFileName());
    float[] quantized = logits(path);
    try (ModelSource source = ModelSources.open(path);
        Arena arena = Arena.ofShared()) {
      MappedWeights decoded =
          new MappedWeights(
              path.toString(),
              source.weights().ropeLayout(),
              source.weights().names(),
              name -> source.weights().stored(name).map(w -> decode(w, arena)).orElse(null),
              arena);
      AtomicReference<float[]> dense = new AtomicReference<>(new float[0]);
      ReferenceModels.run(
          source,
          decoded,
          KernelProviders.choose("reference"),
          inference -> dense.set(ReferenceModels.logits(inference, ids(path))));
      assertThat(Distance.max(quantized, dense.get())).isLessThan(1e-4f);
    }
  }

  /// llama.cpp rounds activations to 8 bits; 5e-3 nats is what that may cost.
  @ParameterizedTest
  @MethodSource("files")
  void agreesWithLlamaCpp(Path file) {
    Path path = ReferenceModels.path("quant/" + file.getFileName());
    try (SafetensorsFile expected = SafetensorsFile.open(expected(path))) {
      float[] theirs = ReferenceModels.floats(expected, "llamacpp.logits");
      for (KernelProvider kernels : KernelProviders.all()) {
        if (kernels.unsupportedBecause().isEmpty()) {
          assertThat(Distance.kl(theirs, logits(path, kernels), 512))
              .as(kernels.name())
              .isLessThan(5e-3);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "F16", "BF16", "Q8_0", "Q6_K", "Q5_K_M", "Q5_K_S", "Q5_0", "Q5_1", "Q4_K_M", "Q4_K_S",
        "Q4_0", "Q4_1", "Q3_K_M", "Q3_K_S", "Q2_K", "IQ4_XS", "IQ4_NL"
      })
  void quantizedByUsLosesNoMoreThanByLlamaCpp(String mix) {
    Path original = ReferenceModels.path("quant/llama256-F32.gguf");
    Path out = folder.resolve("q.gguf");
    Conversions.quantize(original, out, mix, importance(mix));
    double kl = Distance.kl(logits(original), logits(out, original), 512);
    JsonObject report = TestData.json(ReferenceModels.path("quant/report.json"));
    double theirs = report.object("llama256-" + mix).orElseThrow().number("kl_vs_hf").orElseThrow();
    assertThat(kl).isLessThanOrEqualTo(1.05 * theirs);
  }

  private static @Nullable ImportanceMatrix importance(String mix) {
    return mix.equals("IQ4_NL")
        ? ImportanceFiles.load(ReferenceModels.path("quant/imatrix.gguf"))
        : null;
  }

  private static Weight.Stored decode(Weight.Stored w, Arena arena) {
    float[] all = new float[w.rows() * w.cols()];
    for (int r = 0; r < w.rows(); r++) {
      w.decodeRow(r, all, r * w.cols());
    }
    return new Weight.Stored(
        Tensor.of(arena, w.rows(), w.cols(), all).data(), F32.FORMAT, w.rows(), w.cols());
  }

  private static float[] logits(Path model) {
    return logits(model, model);
  }

  private static float[] logits(Path model, Path withIdsOf) {
    AtomicReference<float[]> out = new AtomicReference<>(new float[0]);
    ReferenceModels.run(
        model,
        KernelProviders.choose("reference"),
        inference -> out.set(ReferenceModels.logits(inference, ids(withIdsOf))));
    return out.get();
  }

  private static float[] logits(Path model, KernelProvider kernels) {
    AtomicReference<float[]> out = new AtomicReference<>(new float[0]);
    ReferenceModels.run(
        model, kernels, inference -> out.set(ReferenceModels.logits(inference, ids(model))));
    return out.get();
  }

  private static int[] ids(Path model) {
    try (SafetensorsFile expected = SafetensorsFile.open(expected(model))) {
      return ReferenceModels.ids(expected, "input_ids");
    }
  }

  private static Path expected(Path model) {
    String name = model.getFileName().toString().replace(".gguf", ".expected.safetensors");
    return model.resolveSibling(name);
  }
}
