package org.tokapu.text.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokapu.base.json.JsonObject;
import org.tokapu.testkit.TestData;
import org.tokapu.text.SpecialScope;
import org.tokapu.text.TokenDecoder;

/// Ids, pieces and decoded text against figures of SentencePiece, llama.cpp and llama2.c.
class SentencePieceVectorsTests {
  @ParameterizedTest
  @ValueSource(strings = {"tokenizer-bpe", "tokenizer-unigram"})
  void golden(String name) {
    String folder = "golden/" + name + "/";
    SentencePieceModel model =
        SentencePieceModel.parse(TestData.resource(folder + "tokenizer.model"), name);
    check(SentencePieceTokenizer.of(model), TestData.json(folder + "vectors.json"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama2/tokenizer.model",
        "mistral-v1/tokenizer.model",
        "mistral-v3/tokenizer.model",
        "seqio-t5/spiece.model",
        "spm-ja/spiece.model"
      })
  void realModels(String name) {
    Path file = reference("tokenizers/" + name);
    SentencePieceModel model = SentencePieceModel.open(file);
    JsonObject vectors = TestData.json(file.resolveSibling("vectors.json"));
    SentencePieceTokenizer tokenizer = SentencePieceTokenizer.of(model);
    check(tokenizer, vectors);
    assertThat(tokenizer.vocabularySize()).isEqualTo(vectors.integer("vocab").orElseThrow());
    assertThat(tokenizer.special().bos()).isEqualTo(vectors.integer("bos").orElseThrow());
    assertThat(tokenizer.special().eos()).isEqualTo(vectors.integer("eos").orElseThrow());
    assertThat(tokenizer.special().unknown()).isEqualTo(vectors.integer("unk").orElseThrow());
    assertThat(tokenizer.special().pad()).isEqualTo(vectors.integer("pad").orElseThrow());
  }

  @Test
  void llama2cExportCutsLikeItsModel() {
    Path file = reference("tokenizers/llama2/tokenizer.bin");
    check(Llama2cTokenizer.open(file), TestData.json(file.resolveSibling("vectors.json")));
  }

  @Test
  void llama2cSmallVocabulary() {
    Path folder = reference("models/stories260K");
    SentencePieceTokenizer tokenizer = Llama2cTokenizer.open(folder.resolve("tok512.bin"));
    List<JsonObject> cases =
        TestData.json(folder.resolve("tokenize.json")).objects("tok512_encode");
    assertThat(cases).isNotEmpty();
    for (JsonObject c : cases) {
      String text = c.text("text").orElseThrow();
      assertThat(tokenizer.encodePrompt(text, SpecialScope.NONE))
          .as(text)
          .isEqualTo(ints(c, "ids"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama-spm", "phi-3"})
  void ggufVocabularies(String name) throws IOException {
    Path file = reference("tokenizers/gguf/ggml-vocab-" + name + ".gguf");
    SentencePieceTokenizer tokenizer =
        SentencePieceGguf.tokenizer(GgufMetadata.read(file), file.toString());
    String[] texts = read(file, ".inp").split("\n__ggml_vocab_test__\n", -1);
    String[] lines = read(file, ".out").split("\n", -1);
    int compared = 0;
    for (int i = 0; i < texts.length && i < lines.length; i++) {
      int[] ids =
          Arrays.stream(lines[i].trim().split("\\s+"))
              .filter(s -> !s.isEmpty())
              .mapToInt(Integer::parseInt)
              .toArray();
      assertThat(tokenizer.encode(texts[i])).as("case %d: %s", i, texts[i]).isEqualTo(ids);
      compared++;
    }
    assertThat(compared).isGreaterThan(40);
  }

  private static String read(Path gguf, String suffix) throws IOException {
    return Files.readString(gguf.resolveSibling(gguf.getFileName() + suffix));
  }

  private static Path reference(String path) {
    Optional<Path> file = TestData.find(path);
    assumeTrue(file.isPresent(), "SKIPPED: ../shared/testdata/" + path + " is absent");
    return file.orElseThrow();
  }

  private static void check(SentencePieceTokenizer tokenizer, JsonObject vectors) {
    List<JsonObject> cases = vectors.objects("cases");
    assertThat(cases).hasSizeGreaterThan(80);
    for (JsonObject c : cases) {
      String text = c.text("text").orElseThrow();
      int[] ids = ints(c, "ids");
      // Twice: computed, and remembered.
      for (int round = 0; round < 2; round++) {
        assertThat(tokenizer.encode(text)).as(text).isEqualTo(ids);
      }
      List<String> pieces = Arrays.stream(ids).mapToObj(tokenizer::piece).toList();
      List<String> expected = c.list("pieces").stream().map(String::valueOf).toList();
      assertPieces(tokenizer, ids, pieces, expected);
      checkDecoded(tokenizer, ids, c.text("decoded").orElseThrow());
    }
    for (JsonObject c : vectors.objects("decode_cases")) {
      checkDecoded(tokenizer, ints(c, "ids"), c.text("decoded").orElseThrow());
    }
  }

  /// An unknown piece is listed by what it stands for.
  private static void assertPieces(
      SentencePieceTokenizer tokenizer, int[] ids, List<String> pieces, List<String> expected) {
    assertThat(pieces).hasSameSizeAs(expected);
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] != tokenizer.special().unknown()) {
        assertThat(pieces.get(i)).isEqualTo(expected.get(i));
      }
    }
  }

  private static void checkDecoded(SentencePieceTokenizer tokenizer, int[] ids, String decoded) {
    assertThat(tokenizer.decode(ids)).isEqualTo(decoded);
    TokenDecoder decoder = tokenizer.decoder();
    StringBuilder streamed = new StringBuilder();
    for (int id : ids) {
      streamed.append(decoder.next(id));
    }
    assertThat(streamed.append(decoder.finish()).toString()).isEqualTo(decoded);
  }

  private static int[] ints(JsonObject c, String key) {
    return c.list(key).stream().mapToInt(v -> ((Number) v).intValue()).toArray();
  }
}
