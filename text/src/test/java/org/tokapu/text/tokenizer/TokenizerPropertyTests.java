package org.tokapu.text.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tokapu.text.SpecialScope;
import org.tokapu.text.Tokenizer;

/// What holds for every text: seeded random ones, of all scripts and with broken surrogates.
class TokenizerPropertyTests {
  private static final String[] PARTS = {
    "a",
    "the ",
    " The",
    "한",
    "글 ",
    "\u1112\u1161",
    "é",
    "e\u0301",
    "😀",
    "\u200d",
    "漢",
    "\n",
    "\r\n",
    "  ",
    "\t",
    "12",
    "½",
    "'s",
    "'LL",
    "...",
    "$",
    "\u0000",
    "\u0085",
    "\u00a0",
    "<|end|>",
    "<|user|>",
    "<|endoftext|>",
    "<|end",
    "|>",
    "[CLS]",
    "<s>",
    "</s>",
    "▁",
    "Ġ",
    "##a",
    "<0x41>"
  };

  static Stream<Named<Tokenizer>> all() {
    return Stream.concat(
        byteLevel(),
        TokenizerJsonGoldenTests.tokenizers()
            .map(n -> Named.of(n.getName(), TokenizerJsonGoldenTests.open(n.getPayload()))));
  }

  static Stream<Named<Tokenizer>> byteLevel() {
    return Stream.of("gpt2", "llama3")
        .map(name -> Named.of("golden " + name, ByteBpeGoldenTests.tokenizer(name)));
  }

  private static String text(Random random) {
    StringBuilder out = new StringBuilder();
    for (int i = random.nextInt(24); i > 0; i--) {
      if (random.nextInt(8) == 0) {
        int c = random.nextInt(0x110000);
        out.appendCodePoint(c >= 0xd800 && c < 0xe000 ? 'x' : c);
      } else {
        out.append(PARTS[random.nextInt(PARTS.length)]);
      }
    }
    return out.toString();
  }

  @ParameterizedTest
  @MethodSource("byteLevel")
  void decodingUndoesEncoding(Tokenizer tokenizer) {
    Random random = new Random(1);
    for (int i = 0; i < 3000; i++) {
      String text = text(random);
      assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
    }
    for (String broken :
        new String[] {"a\ud83d", "\ude00b", "\ud83d\ud83d\ude00", "\udc00\ud800"}) {
      assertThat(tokenizer.decode(tokenizer.encode(broken)))
          .isEqualTo(TokenizerPromises.mended(broken));
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void placesGrowAndStayInside(Tokenizer tokenizer) {
    Random random = new Random(2);
    for (int i = 0; i < 400; i++) {
      String text = text(random) + (random.nextInt(9) == 0 ? "\ud83d" : "");
      TokenizerPromises.placesGrowAndStayInside(tokenizer, text);
      assertThat(tokenizer.count(text)).isEqualTo(tokenizer.encode(text).length);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void streamsDecodeAsTheWhole(Tokenizer tokenizer) {
    Random random = new Random(3);
    for (int i = 0; i < 400; i++) {
      int[] ids = random.ints(random.nextInt(20), -1, tokenizer.vocabularySize() + 2).toArray();
      TokenizerPromises.streamsDecodeAsTheWhole(tokenizer, ids);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void usersCannotForgeSpecialTokens(Tokenizer tokenizer) {
    int unknown = tokenizer.special().unknown();
    Random random = new Random(4);
    tokenizer
        .special()
        .byText()
        .forEach((spelling, id) -> {
          for (int i = 0; i < 40; i++) {
            String before = text(random);
            String text = before + spelling + text(random);
            if (id != unknown) {
              assertThat(tokenizer.encode(text)).as(text).doesNotContain(id);
            }
            assertThat(tokenizer.encode(spelling, SpecialScope.ALL)).contains(id);
            SpecialScope here =
                (start, end) ->
                    start >= before.length() && end <= before.length() + spelling.length();
            assertThat(tokenizer.encode(text, here)).as(text).contains(id);
          }
        });
  }

  @Test
  void aLongWordTakesTimeInProportion() {
    // Ten million letters without a break: a quadratic way would not end within the hour.
    Tokenizer tokenizer = ByteBpeGoldenTests.tokenizer("llama3");
    String line = "a".repeat(10_000_000);
    assertThat(tokenizer.count(line)).isBetween(1, 10_000_000);
    String mixed = "토큰".repeat(200_000);
    assertThat(tokenizer.decode(tokenizer.encode(mixed))).isEqualTo(mixed);
  }
}
