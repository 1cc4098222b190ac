package org.tokapu.model.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tokapu.base.TokapuException;
import org.tokapu.testkit.TestData;

/// safetensors files that we write, against those that Python wrote.
class SafetensorsWriterTests {
  @TempDir Path folder;

  @Test
  void aRewrittenFileHoldsTheSame() {
    Path copy = folder.resolve("copy.safetensors");
    try (SafetensorsFile file = SafetensorsFile.open(Golden.copy("tiny.safetensors", folder))) {
      List<SafetensorsTensor> readable =
          file.tensors().stream().filter(t -> t.type().isPresent()).toList();
      SafetensorsWriter writer = new SafetensorsWriter();
      file.metadata().forEach(writer::metadata);
      readable.forEach(tensor -> writer.copy(file, tensor));
      writer.write(copy);
      try (SafetensorsFile back = SafetensorsFile.open(copy)) {
        assertThat(back.metadata()).isEqualTo(file.metadata());
        assertThat(back.tensors()).hasSameSizeAs(readable);
        for (SafetensorsTensor tensor : readable) {
          SafetensorsTensor twin = back.find(tensor.name()).orElseThrow();
          assertThat(twin.dtype()).isEqualTo(tensor.dtype());
          assertThat(twin.shape()).isEqualTo(tensor.shape());
          assertThat(twin.offset() % twin.type().orElseThrow().bytes()).isZero();
          assertThat(back.data(twin).mismatch(file.data(tensor))).isEqualTo(-1);
        }
      }
      SafetensorsTensor f8 = file.find("f8").orElseThrow();
      assertThatThrownBy(() -> writer.copy(file, f8)).hasMessageContaining("F8_E4M3");
    }
  }

  @Test
  void foldersAreShardedBySize() throws IOException {
    SafetensorsWriter writer = writer();
    writer.writeFolder(folder, 1 << 20);
    assertThat(names()).containsExactly("model.safetensors");
    assertModel();
    writer.writeFolder(folder, 40);
    assertThat(names())
        .containsExactly(
            "model-00001-of-00002.safetensors",
            "model-00002-of-00002.safetensors",
            "model.safetensors.index.json");
    assertThat(TestData.json(folder.resolve("model.safetensors.index.json")).map().toString())
        .isEqualTo(
            "{metadata={total_size=60}, weight_map={a=model-00001-of-00002.safetensors,"
                + " b=model-00001-of-00002.safetensors, c=model-00002-of-00002.safetensors}}");
    assertModel();
    writer.writeFolder(folder, 60);
    assertThat(names())
        .contains("model.safetensors")
        .doesNotContain("model.safetensors.index.json");
    assertModel();
  }

  private static SafetensorsWriter writer() {
    return new SafetensorsWriter()
        .metadata("format", "pt")
        .floats("a", new long[] {2, 2}, new float[] {1, 2, 3, 4})
        .floats("b", new long[] {5}, new float[] {5, 6, 7, 8, 9})
        .floats("c", new long[] {2, 3, 1}, new float[] {0, 1, 2, 3, 4, 5});
  }

  private void assertModel() {
    try (SafetensorsFile file = SafetensorsFile.open(folder)) {
      assertThat(file.floats(file.find("b").orElseThrow())).containsExactly(5, 6, 7, 8, 9);
      assertThat(file.find("c").orElseThrow().shape()).containsExactly(2, 3, 1);
      assertThat(file.metadata()).containsEntry("format", "pt");
    }
  }

  @Test
  void aFailingShardTakesTheOthersWithIt() throws IOException {
    SafetensorsWriter writer =
        writer()
            .tensor(
                "z", SafetensorsType.F16, new long[] {8}, out -> out.write(ByteBuffer.allocate(2)));
    assertThatThrownBy(() -> writer.writeFolder(folder, 32))
        .isInstanceOf(TokapuException.class)
        .hasMessageContaining("tensor z has 16 bytes, its source wrote 2");
    assertThat(names()).isEmpty();
  }

  @Test
  void impossibleTensorsAreRefused() {
    SafetensorsWriter writer = writer();
    assertThatThrownBy(() -> writer.floats("a", new long[] {1}, new float[1]))
        .hasMessageContaining("taken");
    assertThatThrownBy(() -> writer.floats("__metadata__", new long[] {1}, new float[1]))
        .hasMessageContaining("taken");
    assertThatThrownBy(() -> writer.floats("n", new long[] {2}, new float[3]))
        .hasMessageContaining("3 numbers");
    assertThatThrownBy(() -> writer.floats("m", new long[] {-1}, new float[0]))
        .hasMessageContaining("-1");
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }
}
