package org.tokapu.model.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tokapu.model.Inference;
import org.tokapu.model.TokenBatch;
import org.tokapu.model.file.SafetensorsFile;
import org.tokapu.tensor.KernelProvider;
import org.tokapu.tensor.kernels.KernelProviders;

/// Every inference case of the reference set's tiny models, by every kernel provider, from the
/// checkpoint and from a GGUF file made of it.
class FixtureTests {
  /// What the fixtures state for float32 (`tolerance_fp32`).
  private static final float TOLERANCE = 2e-4f;

  private static final List<String> NAMES =
      List.of(
          "llama-mha",
          "llama-gqa-tied",
          "llama-rope-linear",
          "llama31-rope",
          "mistral-swa",
          "gpt2",
          "qwen2",
          "qwen3");

  @TempDir Path folder;

  static Stream<Arguments> cases() {
    return NAMES.stream()
        .flatMap(n ->
            KernelProviders.all().stream()
                .filter(k -> k.unsupportedBecause().isEmpty())
                .map(k -> Arguments.of(n, k.name(), k)));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("cases")
  void fromSafetensors(String name, String k, KernelProvider kernels) {
    Path fixture = ReferenceModels.path("fixtures/" + name);
    check(fixture, fixture, kernels);
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("cases")
  void fromConvertedGguf(String name, String k, KernelProvider kernels) {
    Path fixture = ReferenceModels.path("fixtures/" + name);
    Path gguf = folder.resolve(name + ".gguf");
    Conversions.toGguf(fixture, gguf);
    check(fixture, gguf, kernels);
  }

  private static void check(Path fixture, Path model, KernelProvider kernels) {
    try (SafetensorsFile expected = SafetensorsFile.open(fixture.resolve("expected.safetensors"))) {
      ReferenceModels.run(
          model,
          kernels,
          inference -> {
            everyPosition(expected, inference);
            leftPadded(expected, inference);
            int[] greedy = ReferenceModels.ids(expected, "greedy.output_ids");
            int[] prompt = Arrays.copyOf(greedy, 8);
            assertThat(ReferenceModels.greedy(inference, prompt, greedy.length - 8))
                .isEqualTo(greedy);
          });
    }
  }

  private static void everyPosition(SafetensorsFile expected, Inference inference) {
    int[] ids = ReferenceModels.ids(expected, "full.input_ids");
    float[] logits =
        ReferenceModels.all(
            inference.logits(
                TokenBatch.whole(ids),
                (blocks, hidden) ->
                    near(
                        "hidden " + blocks,
                        ReferenceModels.all(hidden),
                        ReferenceModels.floats(expected, "full.hidden." + blocks))));
    near("logits", logits, ReferenceModels.floats(expected, "full.logits"));
    int vocabulary = logits.length / ids.length;
    float[] logProbability = ReferenceModels.floats(expected, "nll.logprob");
    for (int i = 0; i + 1 < ids.length; i++) {
      assertThat((float) Distance.logProbability(logits, i * vocabulary, vocabulary, ids[i + 1]))
          .isCloseTo(logProbability[i], org.assertj.core.data.Offset.offset(TOLERANCE));
    }
    for (int chunk : new int[] {1, 5, 17}) {
      assertThat(ReferenceModels.chunked(inference, ids, chunk))
          .as("through the cache by " + chunk)
          .isEqualTo(logits);
    }
  }

  private static void leftPadded(SafetensorsFile expected, Inference inference) {
    int[] ids = ReferenceModels.ids(expected, "leftpad.input_ids");
    int[] mask = ReferenceModels.ids(expected, "leftpad.attention_mask");
    int length = (int) expected.find("leftpad.input_ids").orElseThrow().shape()[1];
    TokenBatch.Builder batch = TokenBatch.builder();
    for (int from = 0; from < ids.length; from += length) {
      int pads = length - Arrays.stream(mask, from, from + length).sum();
      batch.add(Arrays.copyOfRange(ids, from + pads, from + length), null, 1);
    }
    near(
        "left-padded",
        ReferenceModels.all(inference.logits(batch.build())),
        ReferenceModels.floats(expected, "leftpad.logits_last"));
  }

  private static void near(String what, float[] got, float[] expected) {
    assertThat(Distance.max(got, expected)).as(what).isLessThan(TOLERANCE);
  }
}
