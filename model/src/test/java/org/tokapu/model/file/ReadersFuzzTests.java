package org.tokapu.model.file;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.tokapu.base.TokapuException;
import org.tokapu.model.convert.ImportanceFiles;
import org.tokapu.testkit.Allocations;

/// Any bytes as a file of each kind: they are read, or refused with an error that names the file;
/// and a header's word is never taken for memory.
class ReadersFuzzTests {
  /// Inputs have at most some KB; what they claim must not be allocated.
  private static final long MOST_BYTES = 32L << 20;

  private static Path folder;
  private static Path file;

  @BeforeAll
  static void makeFolder() throws Exception {
    folder = Files.createTempDirectory("fuzz");
    file = folder.resolve("input.bin");
  }

  @AfterAll
  static void removeFolder() throws Exception {
    Files.deleteIfExists(file);
    Files.deleteIfExists(folder);
  }

  @FuzzTest
  void gguf(byte[] data) {
    refusesOrReads(
        data,
        () -> {
          try (GgufFile gguf = GgufFile.open(file)) {
            gguf.metadata().values().forEach(value -> assertThat(value.toString()).isNotNull());
            for (GgufTensor tensor : gguf.tensors()) {
              Golden.crc32(gguf.data(tensor));
              if (tensor.format().isPresent()) {
                assertThat(gguf.floats(tensor)).hasSize((int) tensor.elements());
              }
            }
          }
        });
  }

  @FuzzTest
  void safetensors(byte[] data) {
    refusesOrReads(
        data,
        () -> {
          try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
            for (SafetensorsTensor tensor : tensors.tensors()) {
              Golden.crc32(tensors.data(tensor));
              if (tensor.type().isPresent()) {
                assertThat(tensors.floats(tensor)).hasSize((int) tensor.elements());
              }
            }
          }
        });
  }

  @FuzzTest
  void llama2c(byte[] data) {
    refusesOrReads(
        data,
        () -> {
          try (Llama2cFile llama2c = Llama2cFile.open(file)) {
            llama2c.tensors().forEach(tensor -> Golden.crc32(llama2c.data(tensor)));
          }
        });
  }

  @FuzzTest
  void importanceMatrix(byte[] data) {
    refusesOrReads(data, () -> ImportanceFiles.load(file).names().forEach(String::length));
  }

  private static void refusesOrReads(byte[] data, Runnable read) {
    Golden.write(file, data);
    Runnable reading =
        () -> {
          try {
            if (ModelFiles.kind(file) == ModelKind.UNKNOWN) {
              assertThat(ModelFiles.unknown(file)).hasMessageContaining("input.bin");
            }
            read.run();
          } catch (TokapuException e) {
            assertThat(e).hasMessageContaining("input.bin");
          }
        };
    Allocations.assertLessThan(MOST_BYTES, reading);
  }
}
