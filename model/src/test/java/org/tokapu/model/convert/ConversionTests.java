package org.tokapu.model.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokapu.base.TokapuException;
import org.tokapu.base.json.Json;
import org.tokapu.model.file.GgufFile;
import org.tokapu.model.file.SafetensorsFile;
import org.tokapu.model.file.SafetensorsTensor;
import org.tokapu.model.source.ModelSource;
import org.tokapu.model.source.ModelSources;
import org.tokapu.tensor.Parallel;
import org.tokapu.tensor.quant.mix.QuantMix;
import org.tokapu.testkit.TestData;

/// There and back again: weights bit for bit, config.json word for word.
class ConversionTests {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama-mha",
        "llama-gqa-tied",
        "llama-rope-linear",
        "llama31-rope",
        "mistral-swa",
        "qwen2",
        "qwen3",
        "gpt2"
      })
  void safetensorsToGgufAndBackIsBitEqual(String name) throws IOException {
    Path original = fixture("fixtures/" + name);
    Path gguf = folder.resolve("model.gguf");
    Path back = folder.resolve("back");
    convert(
        original, source -> new GgufExport(source, Parallel.single(), Progress.NONE).write(gguf));
    convert(gguf, source -> new HfExport(source, Parallel.single(), Progress.NONE).write(back));
    assertSameTensors(original, back);
    assertThat(json(back.resolve("config.json"))).isEqualTo(json(original.resolve("config.json")));
  }

  @Test
  void llamaQueriesLieAsLlamaCppHasThem() {
    Path original = fixture("models/stories260K");
    Path gguf = folder.resolve("model.gguf");
    convert(
        original, source -> new GgufExport(source, Parallel.single(), Progress.NONE).write(gguf));
    Path theirs = original.resolve("stories260K-F32.gguf");
    try (GgufFile a = GgufFile.open(gguf);
        GgufFile b = GgufFile.open(theirs)) {
      for (String tensor :
          List.of("blk.0.attn_q.weight", "blk.3.attn_k.weight", "blk.1.ffn_down.weight")) {
        assertThat(a.floats(a.find(tensor).orElseThrow()))
            .as(tensor)
            .isEqualTo(b.floats(b.find(tensor).orElseThrow()));
      }
      assertThat(a.metadata().get("llama.rope.dimension_count"))
          .isEqualTo(b.metadata().get("llama.rope.dimension_count"));
    }
  }

  @Test
  void quantizedTypesAndNumbersAreThoseOfTheNamedMix() {
    Path original = fixture("models/stories260K/stories260K-F32.gguf");
    Path out = folder.resolve("q.gguf");
    QuantMix mix = QuantMix.byName("Q4_K_M").orElseThrow();
    convert(
        original,
        source ->
            new GgufExport(source, Parallel.single(), Progress.NONE)
                .quantize(mix, null)
                .write(out));
    Path theirs = fixture("models/stories260K/stories260K-Q4_K_M.gguf");
    try (GgufFile a = GgufFile.open(out);
        GgufFile b = GgufFile.open(theirs)) {
      assertThat(a.metadata().get("general.file_type")).isEqualTo(15L);
      b.tensors()
          .forEach(t -> {
            if (!t.name().equals("output.weight")) { // theirs was untied before quantizing
              assertThat(a.find(t.name()).orElseThrow().typeId())
                  .as(t.name())
                  .isEqualTo(t.typeId());
            }
          });
    }
  }

  @Test
  void refusesToWriteOverWhatItReads() throws IOException {
    Path original = fixture("models/stories260K/stories260K-F32.gguf");
    Path copy = folder.resolve("m.gguf");
    Files.copy(original, copy);
    assertThatThrownBy(() ->
            convert(
                copy,
                source -> new GgufExport(source, Parallel.single(), Progress.NONE).write(copy)))
        .isInstanceOf(TokapuException.class)
        .hasMessageContaining("being read");
    assertThat(copy).hasSameBinaryContentAs(original);
  }

  @Test
  void rowsOfHeadsComeBackInOrder() {
    int[] there = HeadRows.toInterleaved(3, 8);
    int[] back = HeadRows.toHalves(3, 8);
    for (int i = 0; i < there.length; i++) {
      assertThat(there[back[i]]).isEqualTo(i);
    }
    assertThat(there).startsWith(0, 4, 1, 5, 2, 6, 3, 7, 8, 12);
  }

  private interface Step {
    void with(ModelSource source);
  }

  private static void convert(Path from, Step step) {
    try (ModelSource source = ModelSources.open(from)) {
      step.with(source);
    }
  }

  private static Path fixture(String path) {
    Optional<Path> found = TestData.find(path);
    assumeTrue(found.isPresent(), "SKIPPED: the reference set has no " + path + " here");
    return found.get();
  }

  private static void assertSameTensors(Path expected, Path got) {
    try (SafetensorsFile a = SafetensorsFile.open(expected);
        SafetensorsFile b = SafetensorsFile.open(got)) {
      for (SafetensorsTensor t : a.tensors()) {
        if (t.name().equals("lm_head.weight") && b.find(t.name()).isEmpty()) {
          continue; // tied
        }
        SafetensorsTensor other = b.find(t.name()).orElseThrow();
        assertThat(other.dtype()).as(t.name()).isEqualTo(t.dtype());
        assertThat(other.shape()).as(t.name()).isEqualTo(t.shape());
        assertThat(a.data(t).mismatch(b.data(other))).as(t.name()).isEqualTo(-1);
      }
      assertThat(b.tensors().size()).isLessThanOrEqualTo(a.tensors().size());
    }
  }

  private static Object json(Path file) throws IOException {
    return Json.parse(Files.readAllBytes(file), file.toString());
  }
}
