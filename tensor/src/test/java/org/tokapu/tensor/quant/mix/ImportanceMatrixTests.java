package org.tokapu.tensor.quant.mix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tokapu.base.ModelFormatException;

class ImportanceMatrixTests {
  private static byte[] entry(String name, int calls, float... sums) {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    ByteBuffer out =
        ByteBuffer.allocate(12 + text.length + 4 * sums.length).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(text.length).put(text).putInt(calls).putInt(sums.length);
    for (float sum : sums) {
      out.putFloat(sum);
    }
    return out.array();
  }

  private static byte[] file(byte[]... entries) {
    int size = Arrays.stream(entries).mapToInt(e -> e.length).sum();
    ByteBuffer out = ByteBuffer.allocate(4 + size + 12).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(entries.length);
    for (byte[] e : entries) {
      out.put(e);
    }
    out.putInt(100).putInt(4).put("text".getBytes(StandardCharsets.UTF_8));
    return out.array();
  }

  @Test
  void dividesSumsByCalls(@TempDir Path folder) throws IOException {
    byte[] bytes =
        file(entry("blk.0.attn_q.weight", 4, 8, 2, 0, 1), entry("blk.0.ffn_up.weight", 0, 3, 5));
    Path path = Files.write(folder.resolve("imatrix.dat"), bytes);
    ImportanceMatrix matrix = ImportanceFile.load(path);
    assertThat(matrix.names())
        .containsExactlyInAnyOrder("blk.0.attn_q.weight", "blk.0.ffn_up.weight");
    assertThat(matrix.of("blk.0.attn_q.weight", 4, 0).orElseThrow())
        .containsExactly(2, 0.5f, 0, 0.25f);
    assertThat(matrix.of("blk.0.ffn_up.weight", 2, 0).orElseThrow()).containsExactly(3, 5);
    assertThat(matrix.of("output.weight", 4, 0)).isEmpty();
  }

  @Test
  void keepsExpertsApart() {
    ImportanceMatrix matrix =
        ImportanceMatrix.of(
            "m", Map.of("e", new float[] {2, 4, 0, 0, 9, 3}), Map.of("e", new float[] {2, 0, 3}));
    assertThat(matrix.of("e", 2, 0).orElseThrow()).containsExactly(1, 2);
    // An expert that the text never reached: nothing known, all the same.
    assertThat(matrix.of("e", 2, 1).orElseThrow()).containsExactly(1, 1);
    assertThat(matrix.of("e", 2, 2).orElseThrow()).containsExactly(3, 1);
  }

  @Test
  void refusesAnotherModelsMatrix() {
    ImportanceMatrix matrix =
        ImportanceMatrix.of("m", Map.of("w", new float[6]), Map.of("w", new float[] {1}));
    for (int cols : new int[] {0, -1, 4, 7, Integer.MAX_VALUE}) {
      assertThatThrownBy(() -> matrix.of("w", cols, 0))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageContaining("another model");
    }
    assertThatThrownBy(() -> matrix.of("w", 6, 1)).isInstanceOf(ModelFormatException.class);
  }

  @Test
  void refusesNumbersThatAreNoMeanSquares() {
    for (float bad : new float[] {Float.NaN, -1, Float.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> ImportanceFile.parse(file(entry("w", 2, 1, bad)), "f.dat"))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageContaining("f.dat: w");
      assertThatThrownBy(() ->
              ImportanceMatrix.of(
                  "m", Map.of("w", new float[] {1}), Map.of("w", new float[] {bad})))
          .satisfies(e -> assertThat(e).isInstanceOf(ModelFormatException.class));
    }
  }

  @Test
  void refusesSumsWithoutCounts() {
    assertThatThrownBy(() -> ImportanceMatrix.of("m", Map.of("w", new float[4]), Map.of()))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("w.counts");
    assertThatThrownBy(
            () -> ImportanceMatrix.of("m", Map.of("w", new float[4]), Map.of("w", new float[3])))
        .isInstanceOf(ModelFormatException.class);
  }

  @Test
  void namesTheNewerForm() {
    assertThatThrownBy(
            () -> ImportanceFile.parse("GGUF and more".getBytes(StandardCharsets.UTF_8), "f"))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("GGUF");
  }

  @Test
  void everyCutAndMostFlipsAreRefusedCleanly() {
    byte[] whole = file(entry("a", 4, 8, 2), entry("bb", 1, 3, 5));
    int body = whole.length - 12;
    for (int length = 0; length < body; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> ImportanceFile.parse(cut, "f"))
          .as("cut to %d", length)
          .isInstanceOf(ModelFormatException.class);
    }
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      byte[] flipped = whole.clone();
      flipped[random.nextInt(body)] = (byte) random.nextInt();
      try {
        ImportanceFile.parse(flipped, "f");
      } catch (ModelFormatException e) {
        assertThat(e).hasMessageStartingWith("f: ");
      }
    }
  }
}
