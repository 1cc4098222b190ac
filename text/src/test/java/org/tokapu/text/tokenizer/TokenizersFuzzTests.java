package org.tokapu.text.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.tokapu.testkit.TestData;
import org.tokapu.text.Tokenizer;

/// Any text through every kind of tokenizer, and any ids back.
class TokenizersFuzzTests {
  private static final List<Tokenizer> BYTE_LEVEL =
      List.of(
          ByteBpeGoldenTests.tokenizer("gpt2"),
          ByteBpeGoldenTests.tokenizer("llama3"),
          Tokenizers.fromTiktoken(BrokenTokenizerTests.ranks(), "small"));

  private static final List<Tokenizer> ALL =
      Stream.of(
              BYTE_LEVEL.stream(),
              Stream.of("tokenizer-bpe", "tokenizer-unigram")
                  .map(TokenizersFuzzTests::sentencePiece),
              TokenizerJsonGoldenTests.tokenizers()
                  .map(Named::getPayload)
                  .map(TokenizerJsonGoldenTests::open))
          .flatMap(tokenizers -> tokenizers)
          .toList();

  private static Tokenizer sentencePiece(String name) {
    return SentencePieceTokenizer.of(
        SentencePieceModel.parse(TestData.resource("golden/" + name + "/tokenizer.model"), name));
  }

  /// The first byte chooses the tokenizer, the rest is the text in UTF-8.
  @FuzzTest
  void text(byte[] data) {
    if (data.length > 0) {
      String text = new String(data, 1, data.length - 1, StandardCharsets.UTF_8);
      promises(chosen(ALL, data), text);
    }
  }

  /// As above with a text in UTF-16, where surrogates may stand alone.
  @FuzzTest
  void chars(byte[] data) {
    if (data.length > 0) {
      promises(chosen(ALL, data), utf16(data));
    }
  }

  @FuzzTest
  void byteLevelRoundTrip(byte[] data) {
    if (data.length > 0) {
      Tokenizer tokenizer = chosen(BYTE_LEVEL, data);
      for (String text :
          List.of(utf16(data), new String(data, 1, data.length - 1, StandardCharsets.UTF_8))) {
        assertThat(tokenizer.decode(tokenizer.encode(text)))
            .isEqualTo(TokenizerPromises.mended(text));
      }
    }
  }

  /// After the first byte, each two are an id, beyond the vocabulary included.
  @FuzzTest
  void ids(byte[] data) {
    if (data.length > 0) {
      int[] ids = utf16(data).chars().map(c -> (short) c).toArray();
      Tokenizer tokenizer = chosen(ALL, data);
      TokenizerPromises.streamsDecodeAsTheWhole(tokenizer, ids);
      for (int id : ids) {
        assertThat(tokenizer.bytes(id)).isNotNull();
        assertThat(tokenizer.piece(id)).isNotNull();
      }
    }
  }

  private static void promises(Tokenizer tokenizer, String text) {
    TokenizerPromises.check(tokenizer, text);
    TokenizerPromises.plainTextHoldsNoSpecialTokens(tokenizer, text);
  }

  private static Tokenizer chosen(List<Tokenizer> from, byte[] data) {
    return from.get((data[0] & 0xFF) % from.size());
  }

  private static String utf16(byte[] data) {
    return ByteBuffer.wrap(data, 1, data.length - 1).asCharBuffer().toString();
  }
}
