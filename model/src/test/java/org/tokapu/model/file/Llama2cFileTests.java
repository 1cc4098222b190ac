package org.tokapu.model.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tokapu.base.ModelFormatException;
import org.tokapu.testkit.TestData;

/// llama2.c files; the golden ones count upwards from tensor to tensor.
class Llama2cFileTests {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"llama2c-legacy-untied.bin, 0, false", "llama2c-v1-tied.bin, 1, true"})
  void tensorsAreWhereTheLayoutSays(String name, int version, boolean tied) {
    try (Llama2cFile file = Llama2cFile.open(Golden.copy(name, folder))) {
      assertThat(file.header()).isEqualTo(new Llama2cHeader(version, 4, 6, 2, 2, 1, 5, 3, tied));
      // embedding 20; a layer: 4 + 16 + 8 + 8 + 16 + 4 + 24 + 24 + 24 = 128
      assertCounts(file, "token_embd.weight", 0, 5, 4);
      for (int layer = 0; layer < 2; layer++) {
        String block = "blk." + layer + ".";
        int first = 20 + 128 * layer;
        assertCounts(file, block + "attn_norm.weight", first, 4);
        assertCounts(file, block + "attn_q.weight", first + 4, 4, 4);
        assertCounts(file, block + "attn_k.weight", first + 20, 2, 4);
        assertCounts(file, block + "attn_v.weight", first + 28, 2, 4);
        assertCounts(file, block + "attn_output.weight", first + 36, 4, 4);
        assertCounts(file, block + "ffn_norm.weight", first + 52, 4);
        assertCounts(file, block + "ffn_gate.weight", first + 56, 6, 4);
        assertCounts(file, block + "ffn_down.weight", first + 80, 4, 6);
        assertCounts(file, block + "ffn_up.weight", first + 104, 6, 4);
      }
      assertCounts(file, "output_norm.weight", 276, 4);
      if (tied) {
        assertThat(file.find("output.weight")).isEmpty();
      } else {
        assertCounts(file, "output.weight", 280, 5, 4);
      }
    }
  }

  private static void assertCounts(Llama2cFile file, String name, int first, long... shape) {
    Llama2cTensor tensor = file.find(name).orElseThrow();
    assertThat(tensor.shape()).isEqualTo(shape);
    float[] values = file.data(tensor).toArray(ByteCursor.FLOAT);
    for (int i = 0; i < values.length; i++) {
      assertThat(values[i]).as(name).isEqualTo(first + i);
    }
  }

  @Test
  void storiesHasTheSameWeightsAsItsSafetensors() {
    Optional<Path> bin = TestData.find("models/stories260K/stories260K.bin");
    assumeTrue(bin.isPresent(), "SKIPPED: the reference set is absent");
    Path twin = TestData.find("models/stories260K/model.safetensors").orElseThrow();
    try (Llama2cFile file = Llama2cFile.open(bin.get());
        SafetensorsFile expected = SafetensorsFile.open(twin)) {
      assertThat(file.header()).isEqualTo(new Llama2cHeader(0, 64, 172, 5, 8, 4, 512, 512, true));
      assertSame(file, "token_embd.weight", expected, "model.embed_tokens.weight");
      assertSame(file, "output_norm.weight", expected, "model.norm.weight");
      for (int i = 0; i < 5; i++) {
        String theirs = "model.layers." + i + ".";
        String ours = "blk." + i + ".";
        // Not q and k: the two files store their rotary pairs in different orders.
        assertSame(file, ours + "attn_v.weight", expected, theirs + "self_attn.v_proj.weight");
        assertSame(file, ours + "attn_output.weight", expected, theirs + "self_attn.o_proj.weight");
        assertSame(file, ours + "ffn_gate.weight", expected, theirs + "mlp.gate_proj.weight");
        assertSame(file, ours + "ffn_down.weight", expected, theirs + "mlp.down_proj.weight");
        assertSame(file, ours + "ffn_up.weight", expected, theirs + "mlp.up_proj.weight");
        assertSame(file, ours + "attn_norm.weight", expected, theirs + "input_layernorm.weight");
        assertSame(
            file, ours + "ffn_norm.weight", expected, theirs + "post_attention_layernorm.weight");
      }
    }
  }

  private static void assertSame(
      Llama2cFile file, String name, SafetensorsFile expected, String theirs) {
    Llama2cTensor tensor = file.find(name).orElseThrow();
    SafetensorsTensor twin = expected.find(theirs).orElseThrow();
    assertThat(tensor.shape()).isEqualTo(twin.shape());
    MemorySegment bytes = expected.data(twin);
    assertThat(file.data(tensor).mismatch(bytes)).as(name).isEqualTo(-1);
  }

  @Test
  void brokenFilesAreRefused() {
    byte[] legacy = Golden.bytes("llama2c-legacy-untied.bin");
    assertRefused(Arrays.copyOf(legacy, legacy.length - 1), "a model of these sizes has 1252");
    byte[] heads = legacy.clone();
    heads[12] = 3;
    assertRefused(heads, "impossible sizes");
    assertRefused(new byte[20], "header");
    byte[] int8 = Golden.bytes("llama2c-v1-tied.bin");
    int8[4] = 2;
    assertRefused(int8, "version 2 (int8 groups)");
  }

  private void assertRefused(byte[] bytes, String message) {
    Path path = Golden.write(folder.resolve("x.bin"), bytes);
    assertThatThrownBy(() -> Llama2cFile.open(path))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(message);
  }
}
