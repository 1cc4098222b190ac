package org.tokapu.model.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokapu.base.TokapuException;
import org.tokapu.testkit.TestData;

/// GGUF files that we write, against those that others wrote.
class GgufWriterTests {
  @TempDir Path folder;

  @Test
  void aRewrittenFileIsTheSameToTheByte() throws IOException {
    Path original = Golden.copy("tiny.gguf", folder);
    Path copy = rewrite(original);
    assertThat(Files.mismatch(original, copy)).isEqualTo(-1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "models/stories260K/stories260K-F32.gguf",
        "models/stories260K/stories260K-Q4_K_M.gguf",
        "quant/llama256-Q3_K_M.gguf",
        "quant/llama256-IQ4_NL.gguf",
        "quant/imatrix.gguf",
        "tokenizers/gguf/ggml-vocab-falcon.gguf"
      })
  void rewrittenReferenceFilesHoldTheSame(String name) throws IOException {
    Optional<Path> original = TestData.find(name);
    assumeTrue(original.isPresent(), "SKIPPED: the reference set is absent");
    Path copy = rewrite(original.get());
    try (GgufFile a = GgufFile.open(original.get());
        GgufFile b = GgufFile.open(copy)) {
      assertThat(b.fields().values()).isEqualTo(a.fields().values());
      assertThat(b.tensors()).usingRecursiveComparison().isEqualTo(a.tensors());
      for (GgufTensor tensor : a.tensors()) {
        GgufTensor twin = b.find(tensor.name()).orElseThrow();
        assertThat(b.data(twin).mismatch(a.data(tensor))).isEqualTo(-1);
      }
    }
  }

  private Path rewrite(Path original) {
    Path copy = folder.resolve("copy.gguf");
    try (GgufFile file = GgufFile.open(original)) {
      GgufWriter writer = new GgufWriter().putAll(file.fields().values());
      file.tensors().forEach(tensor -> writer.copy(file, tensor));
      writer.write(copy);
    }
    return copy;
  }

  @Test
  void valuesAndAlignmentComeBack() {
    GgufValue[] values = {
      GgufValue.text("가나다"),
      GgufValue.uint32(4_294_967_295L),
      GgufValue.float32(0.1f),
      GgufValue.flag(true),
      GgufValue.strings(List.of("a", "", "나")),
      GgufValue.array(GgufType.INT8, List.of(-1L, 127L)),
      GgufValue.array(GgufType.UINT64, List.of(BigInteger.TWO.pow(63))),
      GgufValue.array(GgufType.ARRAY, List.of(GgufArray.of(GgufType.FLOAT64, List.of(0.1)))),
      new GgufValue(GgufType.INT64, Long.MIN_VALUE)
    };
    GgufWriter writer = new GgufWriter().put("general.alignment", GgufValue.uint32(128));
    for (int i = 0; i < values.length; i++) {
      writer.put("v" + i, values[i]);
    }
    Path path = folder.resolve("x.gguf");
    writer
        .tensor("a", new long[] {3}, 0, TensorSource.of(new float[] {1, 2, 3}))
        .tensor("b", new long[] {2, 2}, 0, TensorSource.of(new float[] {4, 5, 6, 7}))
        .write(path);
    try (GgufFile file = GgufFile.open(path)) {
      for (int i = 0; i < values.length; i++) {
        assertThat(file.fields().values().get("v" + i)).isEqualTo(values[i]);
      }
      assertThat(file.alignment()).isEqualTo(128);
      GgufTensor b = file.find("b").orElseThrow();
      assertThat(b.offset() % 128).isZero();
      assertThat(file.floats(b)).containsExactly(4, 5, 6, 7);
    }
  }

  @Test
  void aFailingSourceLeavesTheOldFile() throws IOException {
    Path path = Golden.copy("tiny.gguf", folder);
    byte[] before = Files.readAllBytes(path);
    Map<String, TensorSource> failing =
        Map.of(
            "its source wrote 4", out -> out.write(ByteBuffer.allocate(4)),
            "its source wrote more", out -> out.write(ByteBuffer.allocate(16)),
            "no space left",
                out -> {
                  throw new IOException("no space left on device");
                });
    failing.forEach((message, source) ->
        assertThatThrownBy(
                () -> new GgufWriter().tensor("t", new long[] {2}, 0, source).write(path))
            .isInstanceOf(TokapuException.class)
            .hasMessageContaining(message));
    assertThat(Files.readAllBytes(path)).isEqualTo(before);
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(path);
    }
  }

  @Test
  void whatOtherReadersRefuseIsRefused() {
    TensorSource none = TensorSource.of(new float[0]);
    GgufWriter writer = new GgufWriter().tensor("t", new long[] {1}, 0, none);
    assertThatThrownBy(() -> writer.tensor("t", new long[] {1}, 0, none))
        .hasMessageContaining("twice");
    assertThatThrownBy(() -> writer.tensor("x".repeat(64), new long[] {1}, 0, none))
        .hasMessageContaining("64 bytes");
    assertThatThrownBy(() -> writer.tensor("r", new long[] {1, 1, 1, 1, 1}, 0, none))
        .hasMessageContaining("5 dimensions");
    assertThatThrownBy(() -> writer.tensor("q", new long[] {33}, 2, none))
        .hasMessageContaining("33 numbers a row");
    assertThatThrownBy(() -> writer.tensor("u", new long[] {32}, 99, none))
        .hasMessageContaining("ggml type 99");
    assertThatThrownBy(() -> GgufValue.uint32(-1)).hasMessageContaining("UINT32");
    assertThatThrownBy(() -> GgufValue.array(GgufType.INT8, List.of(128L)))
        .hasMessageContaining("INT8");
  }

  /// A part as llama.cpp's gguf-split writes it: only the first has the model's metadata.
  private void part(int index, int count, int total, String tensor) {
    GgufWriter writer = new GgufWriter();
    if (index == 0) {
      writer.put("general.name", GgufValue.text("split"));
    }
    writer
        .put("split.no", new GgufValue(GgufType.UINT16, (long) index))
        .put("split.count", new GgufValue(GgufType.UINT16, (long) count))
        .put("split.tensors.count", new GgufValue(GgufType.INT32, (long) total))
        .tensor(tensor, new long[] {1}, 0, TensorSource.of(new float[] {index}))
        .write(folder.resolve("m-0000%d-of-0000%d.gguf".formatted(index + 1, 3)));
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "3"})
  void splitFilesAreOneModel(int opened) {
    part(0, 3, 3, "a");
    part(1, 3, 3, "b");
    part(2, 3, 3, "c");
    try (GgufFile file = GgufFile.open(folder.resolve("m-0000" + opened + "-of-00003.gguf"))) {
      assertThat(file.tensors()).extracting(GgufTensor::name).containsExactly("a", "b", "c");
      assertThat(file.floats(file.find("c").orElseThrow())).containsExactly(2);
      assertThat(file.metadata()).containsOnlyKeys("general.name");
    }
  }

  @Test
  void splitFilesThatDoNotFitTogetherAreRefused() throws IOException {
    Path first = folder.resolve("m-00001-of-00003.gguf");
    part(0, 3, 3, "a");
    part(1, 3, 3, "b");
    assertThatThrownBy(() -> GgufFile.open(first))
        .hasMessageContaining("split.count")
        .hasMessageContaining("m-00003-of-00003.gguf");
    part(2, 3, 3, "b");
    assertThatThrownBy(() -> GgufFile.open(first)).hasMessageContaining("two parts");
    part(2, 3, 4, "c");
    part(0, 3, 4, "a");
    assertThatThrownBy(() -> GgufFile.open(first)).hasMessageContaining("split.tensors.count");
    Files.copy(first, folder.resolve("m-00003-of-00003.gguf"), StandardCopyOption.REPLACE_EXISTING);
    assertThatThrownBy(() -> GgufFile.open(first)).hasMessageContaining("split.no");
    Path renamed = Files.move(first, folder.resolve("other.gguf"));
    assertThatThrownBy(() -> GgufFile.open(renamed)).hasMessageContaining("names like");
  }
}
