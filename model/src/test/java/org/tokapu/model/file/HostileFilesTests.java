package org.tokapu.model.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tokapu.base.ModelFormatException;
import org.tokapu.testkit.Allocations;

/// Small files with bits flipped, bytes replaced and ends cut off: a reader either reads them or
/// reports a [ModelFormatException], and allocates little in either case.
class HostileFilesTests {
  /// Files of a few KB need far less; a length taken at its word would need gigabytes.
  private static final long MOST_BYTES = 8L << 20;

  private static final int ROUNDS = 500;
  private static final long[] EXTREMES = {
    0, 1, -1, 0x7F, 0xFF, 0x7FFF_FFFFL, 0xFFFF_FFFFL, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 40
  };

  @TempDir Path folder;

  static Stream<Arguments> readers() {
    Consumer<Path> gguf = HostileFilesTests::readGguf;
    Consumer<Path> safetensors = HostileFilesTests::readSafetensors;
    Consumer<Path> llama2c = HostileFilesTests::readLlama2c;
    return Stream.of(
        Arguments.of("tiny.gguf", gguf),
        Arguments.of("tiny.safetensors", safetensors),
        Arguments.of("llama2c-legacy-untied.bin", llama2c),
        Arguments.of("llama2c-v1-tied.bin", llama2c));
  }

  @ParameterizedTest
  @MethodSource("readers")
  void mutationsAreReadOrRefused(String name, Consumer<Path> reader) {
    byte[] good = Golden.bytes(name);
    SplittableRandom random = new SplittableRandom(20_260_101);
    Path file = folder.resolve("mutant");
    int[] refused = {0};
    long most = 0;
    reader.accept(Golden.write(file, good)); // loads classes outside of the count
    for (int round = 0; round < ROUNDS; round++) {
      Golden.write(file, mutant(good, random));
      String what = "round " + round + " of " + name;
      most = Math.max(most, Allocations.bytesOf(() -> refused[0] += refuses(reader, file, what)));
    }
    assertThat(most).isLessThan(MOST_BYTES);
    assertThat(refused[0]).isGreaterThan(ROUNDS / 4);
  }

  private static int refuses(Consumer<Path> reader, Path file, String what) {
    try {
      ModelFiles.kind(file);
      reader.accept(file);
      return 0;
    } catch (ModelFormatException e) {
      assertThat(e).hasMessageContaining("mutant");
      return 1;
    } catch (RuntimeException | Error e) {
      throw new AssertionError(what, e);
    }
  }

  private static byte[] mutant(byte[] good, SplittableRandom random) {
    byte[] bytes = good.clone();
    switch (random.nextInt(4)) {
      case 0 -> {
        for (int i = random.nextInt(4); i >= 0; i--) {
          bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
      }
      case 1 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
      case 2 -> {
        long value = EXTREMES[random.nextInt(EXTREMES.length)];
        int at = random.nextInt(bytes.length);
        for (int i = 0; i < 8 && at + i < bytes.length; i++) {
          bytes[at + i] = (byte) (value >> (8 * i));
        }
      }
      default -> {
        int from = random.nextInt(bytes.length);
        int to = random.nextInt(bytes.length);
        int count = random.nextInt(Math.min(64, bytes.length - Math.max(from, to)) + 1);
        System.arraycopy(good, from, bytes, to, count);
      }
    }
    return bytes;
  }

  private static void readGguf(Path path) {
    try (GgufFile file = GgufFile.open(path)) {
      file.metadata().toString();
      for (GgufTensor tensor : file.tensors()) {
        Golden.crc32(file.data(tensor));
        if (tensor.format().isPresent()) {
          file.floats(tensor);
        }
      }
    }
  }

  private static void readSafetensors(Path path) {
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      for (SafetensorsTensor tensor : file.tensors()) {
        Golden.crc32(file.data(tensor));
        if (tensor.type().isPresent()) {
          file.floats(tensor);
        }
      }
    }
  }

  private static void readLlama2c(Path path) {
    try (Llama2cFile file = Llama2cFile.open(path)) {
      file.tensors().forEach(tensor -> Golden.crc32(file.data(tensor)));
    }
  }
}
