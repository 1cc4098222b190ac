package org.tokapu.model.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokapu.base.json.JsonObject;
import org.tokapu.model.file.SafetensorsFile;
import org.tokapu.tensor.KernelProvider;
import org.tokapu.tensor.kernels.KernelProviders;
import org.tokapu.testkit.TestData;

/// A really trained LLaMA in every form it comes in, against transformers and llama.cpp.
class StoriesModelTests {
  private static final String FOLDER = "models/stories260K";

  @ParameterizedTest
  @ValueSource(strings = {"", "/stories260K-F32.gguf", "/stories260K.bin"})
  void agreesWithBothOraclesInEveryForm(String form) {
    Path folder = ReferenceModels.path(FOLDER);
    Path model = ReferenceModels.path(FOLDER + form);
    for (KernelProvider kernels : KernelProviders.all()) {
      if (kernels.unsupportedBecause().isPresent()) {
        continue;
      }
      try (SafetensorsFile hf = SafetensorsFile.open(folder.resolve("expected.safetensors"));
          SafetensorsFile llamaCpp =
              SafetensorsFile.open(folder.resolve("llamacpp-F32.expected.safetensors"))) {
        ReferenceModels.run(
            model,
            kernels,
            inference -> {
              for (int c = 0; c < 5; c++) {
                int[] prompt = ReferenceModels.ids(hf, c + ".input_ids");
                assertThat(
                        Distance.max(
                            ReferenceModels.logits(inference, prompt),
                            ReferenceModels.floats(hf, c + ".logits")))
                    .as("transformers, prompt " + c)
                    .isLessThan(1e-4f);
                int[] greedy = ReferenceModels.ids(hf, c + ".greedy_ids");
                assertThat(ReferenceModels.greedy(inference, prompt, greedy.length - prompt.length))
                    .as("greedy ids of prompt " + c)
                    .isEqualTo(greedy);
              }
              assertThat(
                      Distance.max(
                          ReferenceModels.logits(
                              inference, ReferenceModels.ids(llamaCpp, "input_ids")),
                          ReferenceModels.floats(llamaCpp, "llamacpp.logits")))
                  .as("llama.cpp")
                  .isLessThan(1e-4f);
            });
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"BF16", "F16", "Q6_K", "Q4_K_M"})
  void variantsLoseNoMoreThanInLlamaCpp(String variant) {
    Path folder = ReferenceModels.path(FOLDER);
    JsonObject report = TestData.json(folder.resolve("quant_report.json"));
    double theirs =
        report
            .object("stories260K-" + variant + ".gguf")
            .orElseThrow()
            .number("kl_vs_F32")
            .orElseThrow();
    int[] ids;
    try (SafetensorsFile file =
        SafetensorsFile.open(folder.resolve("llamacpp-F32.expected.safetensors"))) {
      ids = ReferenceModels.ids(file, "input_ids");
    }
    for (KernelProvider kernels : KernelProviders.all()) {
      if (kernels.unsupportedBecause().isEmpty()) {
        double kl =
            Distance.kl(
                logits(folder.resolve("stories260K-F32.gguf"), kernels, ids),
                logits(folder.resolve("stories260K-" + variant + ".gguf"), kernels, ids),
                512);
        assertThat(kl).as(kernels.name()).isLessThanOrEqualTo(1.05 * theirs);
      }
    }
  }

  private static float[] logits(Path model, KernelProvider kernels, int[] ids) {
    AtomicReference<float[]> out = new AtomicReference<>(new float[0]);
    ReferenceModels.run(
        model,
        kernels,
        inference -> out.set(ReferenceModels.logits(inference, Arrays.copyOf(ids, ids.length))));
    return out.get();
  }
}
