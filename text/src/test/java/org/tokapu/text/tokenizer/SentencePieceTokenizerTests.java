package org.tokapu.text.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokapu.base.ModelFormatException;
import org.tokapu.base.TokapuException;
import org.tokapu.base.json.JsonObject;
import org.tokapu.testkit.TestData;
import org.tokapu.text.Encoding;
import org.tokapu.text.SpecialScope;
import org.tokapu.text.TokenDecoder;
import org.tokapu.text.tokenizer.SentencePiece.Kind;
import org.tokapu.text.tokenizer.SentencePieceOptions.Splitting;

class SentencePieceTokenizerTests {
  private static final String BPE = "tokenizer-bpe";
  private static final String UNIGRAM = "tokenizer-unigram";
  private static final String ALPHABET =
      " \u2581  abcdetheTHE.,'\"\n\t09한국어는이가ㄱㅏㅋㅎ漢字あア€é\u0301\u200d\u3000\ud83d\ude00\ud800\udc00"
          + "<|user|><s></s>";

  private static SentencePieceModel model(String name) {
    return SentencePieceModel.parse(TestData.resource("golden/" + name + "/tokenizer.model"), name);
  }

  private static SentencePieceTokenizer tokenizer(String name) {
    return SentencePieceTokenizer.of(model(name));
  }

  private static JsonObject more() {
    return TestData.json("golden/sentencepiece-more.json");
  }

  @Test
  void unusedPiecesAreTakenApartAgain() {
    List<JsonObject> cases = more().objects("cases");
    assertThat(cases).hasSizeGreaterThan(50);
    for (JsonObject c : cases) {
      SentencePieceModel model = model(c.text("model").orElseThrow());
      int every = c.integer("unused").orElseThrow();
      Map<Integer, SentencePiece> changed = new TreeMap<>();
      for (int id = 0; id < model.pieces().size(); id += every) {
        SentencePiece p = model.pieces().get(id);
        if (p.kind() == Kind.NORMAL) {
          changed.put(id, new SentencePiece(p.text(), p.score(), Kind.UNUSED));
        }
      }
      String text = c.text("text").orElseThrow();
      assertThat(SentencePieceTokenizer.of(model.withPieces(changed)).encode(text))
          .as(text)
          .isEqualTo(ints(c, "ids"));
    }
  }

  @Test
  void offsetsAreThoseOfTheReference() {
    List<JsonObject> cases = more().objects("offsets");
    assertThat(cases).hasSizeGreaterThan(70);
    for (JsonObject c : cases) {
      String text = c.text("text").orElseThrow();
      Encoding encoding =
          tokenizer(c.text("model").orElseThrow())
              .encodeWithOffsets(text, SpecialScope.NONE, false);
      assertThat(encoding.ids()).as(text).isEqualTo(ints(c, "ids"));
      assertThat(encoding.starts()).as(text).isEqualTo(ints(c, "starts"));
      assertThat(encoding.ends()).as(text).isEqualTo(ints(c, "ends"));
    }
  }

  @Test
  void longTextsAreCutAsTheReferenceRoundsThem() {
    for (JsonObject c : more().objects("long")) {
      SentencePieceTokenizer tokenizer = tokenizer(c.text("model").orElseThrow());
      String text = c.text("text").orElseThrow().repeat(c.integer("times").orElseThrow());
      int[] ids = tokenizer.encode(text);
      assertThat(ids).hasSize(c.integer("count").orElseThrow());
      ByteBuffer bytes = ByteBuffer.allocate(ids.length * 4).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asIntBuffer().put(ids);
      CRC32 crc = new CRC32();
      crc.update(bytes);
      assertThat(crc.getValue()).as(text).isEqualTo(c.number("crc32").orElseThrow().longValue());
    }
  }

  @Test
  void whatHasByteFallbackComesBack() {
    SentencePieceTokenizer tokenizer = tokenizer(BPE);
    Random random = new Random(7);
    for (int i = 0; i < 3000; i++) {
      String text = randomText(random, 60);
      assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(asRead(text));
    }
  }

  /// A `▁` is a space to these models, and half a pair is a broken character to everybody.
  private static String asRead(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .map(c -> c >= 0xd800 && c < 0xe000 ? 0xfffd : c == 0x2581 ? ' ' : c)
        .forEach(out::appendCodePoint);
    return out.toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {BPE, UNIGRAM})
  void offsetsRiseAndCoverAndDecoderStreams(String name) {
    SentencePieceTokenizer tokenizer = tokenizer(name);
    Random random = new Random(11);
    for (int i = 0; i < 1500; i++) {
      String text = randomText(random, 50);
      Encoding e = tokenizer.encodeWithOffsets(text, SpecialScope.ALL, true);
      assertThat(e.ids()).isEqualTo(tokenizer.encodePrompt(text, SpecialScope.ALL));
      int last = 0;
      for (int k = 0; k < e.ids().length; k++) {
        assertThat(e.starts()[k]).as(text).isGreaterThanOrEqualTo(last);
        assertThat(e.ends()[k]).as(text).isGreaterThanOrEqualTo(e.starts()[k]);
        if (name.equals(BPE)) {
          assertThat(e.starts()[k]).as(text).isEqualTo(last);
        }
        last = e.ends()[k];
      }
      assertThat(last).isLessThanOrEqualTo(text.length());
      if (name.equals(BPE)) {
        assertThat(last).isEqualTo(text.length());
      }
      assertStreams(tokenizer, random.ints(20, 0, tokenizer.vocabularySize()).toArray());
      assertStreams(tokenizer, e.ids());
    }
  }

  private static void assertStreams(SentencePieceTokenizer tokenizer, int[] ids) {
    TokenDecoder decoder = tokenizer.decoder();
    StringBuilder out = new StringBuilder();
    for (int id : ids) {
      String shown = decoder.next(id);
      assertThat(shown.isEmpty() || !Character.isHighSurrogate(shown.charAt(shown.length() - 1)))
          .isTrue();
      out.append(shown);
    }
    assertThat(out.append(decoder.finish()).toString()).isEqualTo(tokenizer.decode(ids));
  }

  @ParameterizedTest
  @ValueSource(strings = {BPE, UNIGRAM})
  void rememberedWordsAreWhatComputedOnesWere(String name) {
    SentencePieceTokenizer used = tokenizer(name);
    Random random = new Random(5);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      texts.add(randomText(random, 80));
    }
    texts.forEach(used::encode);
    // Together with threads, which share what is remembered.
    IntStream.range(0, texts.size() * 4)
        .parallel()
        .forEach(i -> {
          String text = texts.get(i % texts.size());
          if (i < 60) {
            assertThat(used.encode(text)).isEqualTo(tokenizer(name).encode(text));
          } else {
            assertThat(used.encode(text)).isEqualTo(used.encode(text));
          }
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {BPE, UNIGRAM})
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void tenMegabytesOfOneLetterEnd(String name) {
    // The time limit only guards against a hang; linear work takes a few seconds at most.
    int[] ids = tokenizer(name).encode("a".repeat(10_000_000));
    assertThat(ids.length).isBetween(1_000_000, 10_000_001);
  }

  @Test
  void controlPiecesAreTextUnlessAllowed() {
    SentencePieceTokenizer tokenizer = tokenizer(BPE);
    int control = tokenizer.special().byText().get("<ctl>");
    String text = "a<ctl>b</s>";
    for (int id : tokenizer.encode(text)) {
      assertThat(tokenizer.model().pieces().get(id).kind()).isNotEqualTo(Kind.CONTROL);
    }
    assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
    int[] ids = tokenizer.encode(text, SpecialScope.ALL);
    assertThat(ids).contains(control, tokenizer.special().eos());
    assertThat(ids).isEqualTo(join(tokenizer.encode("a"), control, tokenizer.encode("b"), 2));
    SpecialScope first = (start, end) -> start < 6;
    assertThat(tokenizer.encode(text, first)).contains(control).doesNotContain(2);
    Encoding e = tokenizer.encodeWithOffsets(text, SpecialScope.ALL, true);
    int at = indexOf(e.ids(), control);
    assertThat(text.substring(e.starts()[at], e.ends()[at])).isEqualTo("<ctl>");
    assertThat(e.ids()[0]).isEqualTo(tokenizer.special().bos());
  }

  @Test
  void promptsBeginAndEndAsIsUsualForTheKind() {
    SentencePieceTokenizer bpe = tokenizer(BPE);
    assertThat(bpe.encodePrompt("the", SpecialScope.NONE)).isEqualTo(join(1, bpe.encode("the")));
    SentencePieceTokenizer unigram = tokenizer(UNIGRAM);
    assertThat(unigram.encodePrompt("the", SpecialScope.NONE))
        .isEqualTo(join(unigram.encode("the"), 1));
    assertThat(unigram.special().endOfGeneration()).containsExactly(1);
    assertThat(
            SentencePieceTokenizer.of(model(BPE), bareOptions()).encodePrompt("", SpecialScope.ALL))
        .isEmpty();
  }

  private static SentencePieceOptions bareOptions() {
    return SentencePieceOptions.usual(model(BPE)).adding(false, false);
  }

  @Test
  void userDefinedSymbolsSplitTheTextWhereAsked() {
    String text = "a<|user|>b";
    int user = 4;
    SentencePieceTokenizer reference = tokenizer(BPE);
    SentencePieceTokenizer each =
        SentencePieceTokenizer.of(model(BPE), bareOptions().splitting(Splitting.EACH));
    SentencePieceTokenizer first =
        SentencePieceTokenizer.of(model(BPE), bareOptions().splitting(Splitting.FIRST));
    int[] a = reference.encode("a");
    assertThat(each.encode(text)).isEqualTo(join(a, user, reference.encode("b")));
    assertThat(first.encode(text)).isEqualTo(reference.encode(text));
    assertThat(first.encode("<|user|> b")).isEqualTo(join(user, reference.encode("b")));
  }

  @Test
  void someSpecialTokensSwallowWhiteSpace() {
    SentencePieceTokenizer tokenizer =
        SentencePieceTokenizer.of(model(BPE), bareOptions().trimmingAfter(Set.of(2)));
    assertThat(tokenizer.encode("</s> \n a", SpecialScope.ALL))
        .isEqualTo(join(2, tokenizer.encode("a")));
  }

  @Test
  void listedMergesAreFollowedInOrder() {
    List<SentencePiece> pieces = new ArrayList<>();
    pieces.add(new SentencePiece("<unk>", 0, Kind.UNKNOWN));
    for (String text : List.of("a", "b", "c", "ab", "bc", "abc")) {
      pieces.add(new SentencePiece(text, 0, Kind.NORMAL));
    }
    SentencePieceModel model =
        new SentencePieceModel(
            SentencePieceModel.Algorithm.BPE,
            pieces,
            false,
            new SentencePieceModel.Ids(0, -1, -1, -1),
            SentencePieceModel.DEFAULT_UNKNOWN_SURFACE,
            SentencePieceModel.Normalization.identity(false),
            null);
    SentencePieceOptions options = SentencePieceOptions.usual(model);
    // b c -> bc comes first, and nothing merges a with bc.
    int[] merges = {2, 3, 1, 2, 4, 3};
    assertThat(SentencePieceTokenizer.of(model, options, merges).encode("abc"))
        .containsExactly(1, 5);
    int[] others = {1, 2, 2, 3, 4, 3};
    assertThat(SentencePieceTokenizer.of(model, options, others).encode("abcxyz"))
        .containsExactly(6, 0);
    assertThatThrownBy(
            () -> SentencePieceTokenizer.of(model, options, new int[] {1, 99}).encode("a"))
        .isInstanceOf(TokapuException.class);
  }

  @Test
  void idsOutsideOfTheVocabularyAreNothing() {
    SentencePieceTokenizer tokenizer = tokenizer(BPE);
    assertThat(tokenizer.decode(-1, 1 << 20)).isEmpty();
    assertThat(tokenizer.bytes(1 << 20)).isEmpty();
    assertThat(tokenizer.piece(-1)).isEmpty();
  }

  @Test
  void addedTokensExtendTheVocabulary() {
    SentencePieceModel model =
        model(BPE)
            .withPieces(
                Map.of(
                    600, new SentencePiece("<|im_end|>", 0, Kind.CONTROL),
                    602, new SentencePiece("<tool>", 0, Kind.USER_DEFINED)));
    SentencePieceTokenizer tokenizer = SentencePieceTokenizer.of(model);
    assertThat(tokenizer.vocabularySize()).isEqualTo(603);
    assertThat(tokenizer.encode("x<tool><|im_end|>", SpecialScope.ALL)).endsWith(602, 600);
    assertThat(tokenizer.encode("x<|im_end|>")).doesNotContain(600);
    assertThatThrownBy(
            () -> model.withPieces(Map.of(1 << 30, new SentencePiece("x", 0, Kind.CONTROL))))
        .isInstanceOf(TokapuException.class);
  }

  @Test
  void contradictoryModelsAreRefused() {
    SentencePieceModel model = model(BPE);
    SentencePiece twin = model.pieces().get(300);
    assertThatThrownBy(() -> SentencePieceTokenizer.of(model.withPieces(Map.of(600, twin))))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("repeats");
  }

  private static String randomText(Random random, int most) {
    StringBuilder out = new StringBuilder();
    for (int n = random.nextInt(most); n > 0; n--) {
      int at = random.nextInt(ALPHABET.length());
      out.append(ALPHABET, at, Math.min(ALPHABET.length(), at + 1 + random.nextInt(4)));
    }
    return out.toString();
  }

  private static int[] join(Object... parts) {
    return Arrays.stream(parts)
        .flatMapToInt(p -> p instanceof int[] ids ? Arrays.stream(ids) : IntStream.of((Integer) p))
        .toArray();
  }

  private static int indexOf(int[] ids, int id) {
    return IntStream.range(0, ids.length).filter(i -> ids[i] == id).findFirst().orElseThrow();
  }

  private static int[] ints(JsonObject c, String key) {
    return c.list(key).stream().mapToInt(v -> ((Number) v).intValue()).toArray();
  }
}
