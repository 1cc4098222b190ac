package org.tokapu.text.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokapu.base.ModelFormatException;
import org.tokapu.testkit.TestData;

class SentencePieceModelTests {
  private static byte[] file(String name) {
    return TestData.resource("golden/" + name + "/tokenizer.model");
  }

  @ParameterizedTest
  @ValueSource(strings = {"tokenizer-bpe", "tokenizer-unigram"})
  void writtenModelReadsBackTheSame(String name) {
    SentencePieceModel model = SentencePieceModel.parse(file(name), name);
    SentencePieceModel again = SentencePieceModel.parse(model.toBytes(), name);
    assertThat(again).usingRecursiveComparison().isEqualTo(model);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tokenizer-bpe", "tokenizer-unigram"})
  void brokenModelsAreRefusedOrUsable(String name) {
    byte[] good = file(name);
    Random random = new Random(17);
    int refused = 0;
    for (int i = 0; i < 1500; i++) {
      if (!survives(mutated(good, random), bytes -> SentencePieceModel.parse(bytes, name))) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(300);
  }

  @Test
  void brokenLlama2cFilesAreRefusedOrUsable() {
    byte[] good = llama2c(300);
    assertThat(Llama2cTokenizer.parse(good, "x").pieces()).hasSize(300);
    Random random = new Random(19);
    for (int i = 0; i < 1000; i++) {
      survives(mutated(good, random), bytes -> Llama2cTokenizer.parse(bytes, "x"));
    }
    assertThatThrownBy(() -> Llama2cTokenizer.parse(Arrays.copyOf(good, good.length - 1), "x"))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("token 299");
  }

  /// Anything but a [ModelFormatException] fails the test; what is accepted must work.
  private static boolean survives(byte[] bytes, Function<byte[], SentencePieceModel> parser) {
    try {
      SentencePieceTokenizer tokenizer = SentencePieceTokenizer.of(parser.apply(bytes));
      int[] ids = tokenizer.encode("The 하는 것은 <|user|> ａ \u1112\u1161 다 \ud83d\ude00");
      tokenizer.decode(ids);
      return true;
    } catch (ModelFormatException e) {
      assertThat(e).hasMessageContaining(":");
      return false;
    }
  }

  private static byte[] mutated(byte[] good, Random random) {
    if (random.nextInt(4) == 0) {
      return Arrays.copyOf(good, random.nextInt(good.length));
    }
    byte[] bytes = good.clone();
    // Half of the changes hit the end, where the specs and the rules are.
    int from = random.nextBoolean() ? 0 : Math.max(0, bytes.length - 1500);
    for (int n = 1 + random.nextInt(4); n > 0; n--) {
      bytes[from + random.nextInt(bytes.length - from)] = (byte) random.nextInt();
    }
    return bytes;
  }

  private static byte[] llama2c(int size) {
    ByteBuffer out = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN).putInt(20);
    for (int id = 0; id < size; id++) {
      String text =
          switch (id) {
            case 0 -> "<unk>";
            case 1 -> "\n<s>\n";
            case 2 -> "\n</s>\n";
            default -> id < 259 ? "<0x%02X>".formatted(id - 3) : " " + Character.toString(id);
          };
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      out.putFloat(-id).putInt(utf8.length).put(utf8);
    }
    return Arrays.copyOf(out.array(), out.position());
  }

  @Test
  void lyingLengthsAreNotBelieved() {
    byte[] huge = {0x0a, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x07};
    assertThatThrownBy(() -> SentencePieceModel.parse(huge, "lie.model"))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("lie.model")
        .hasMessageContaining("remain");
    assertThatThrownBy(() -> SentencePieceModel.parse(new byte[0], "empty.model"))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("pieces");
    byte[] brokenText = {0x0a, 0x03, 0x0a, 0x01, (byte) 0xff};
    assertThatThrownBy(() -> SentencePieceModel.parse(brokenText, "x.model"))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("UTF-8");
    byte[] brokenMap = new byte[40];
    brokenMap[0] = 100;
    assertThatThrownBy(() -> new CharsMap(brokenMap, "x.model"))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("precompiled_charsmap");
  }

  @Test
  void ggufMetadataAreChecked() {
    Map<String, Object> good = gguf();
    assertThat(SentencePieceGguf.tokenizer(good, "x.gguf").encode("ab")).containsExactly(5);
    assertRefused("tokens", List.of());
    assertRefused("tokens", List.of("<unk>", "<s>", "</s>", "a", "a", "ab"));
    assertRefused("scores", new float[] {1, 2});
    assertRefused("scores", new float[] {0, 0, 0, 0, 0, Float.NaN});
    assertRefused("token_type", List.of("x", "x", "x", "x", "x", "x"));
    assertRefused("bos_token_id", 77L);
    assertRefused("bos_token_id", "one");
    assertRefused("add_space_prefix", 1L);
    assertRefused("precompiled_charsmap", new byte[] {1, 2, 3, 4, 5});
    assertRefused("model", "gpt2");
  }

  private static void assertRefused(String key, Object value) {
    Map<String, Object> bad = gguf();
    bad.put("tokenizer.ggml." + key, value);
    assertThatThrownBy(() -> SentencePieceGguf.tokenizer(bad, "x.gguf"))
        .as(key)
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("x.gguf");
  }

  private static Map<String, Object> gguf() {
    Map<String, Object> metadata = new HashMap<>();
    metadata.put("tokenizer.ggml.model", "llama");
    metadata.put("tokenizer.ggml.tokens", List.of("<unk>", "<s>", "</s>", "a", "b", "ab"));
    metadata.put("tokenizer.ggml.scores", new float[] {0, 0, 0, -1, -2, -3});
    metadata.put("tokenizer.ggml.token_type", new int[] {2, 3, 3, 1, 1, 1});
    metadata.put("tokenizer.ggml.add_space_prefix", false);
    return metadata;
  }
}
