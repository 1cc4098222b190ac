package org.tokapu.text.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.function.Function;
import org.tokapu.base.TokapuException;
import org.tokapu.text.Tokenizer;

/// Any bytes as a tokenizer's file: an error that names the file, or a tokenizer that keeps its
/// promises.
class TokenizerFilesFuzzTests {
  private static final String TEXT = "The dog's  12 한글<s>\n\t😀 e\u0301\ud83d";

  @FuzzTest
  void tokenizerJson(byte[] data) {
    refusesOrWorks(data, bytes -> Tokenizers.fromTokenizerJson(bytes, null, "input"));
  }

  @FuzzTest
  void tokenizerConfig(byte[] data) {
    byte[] tokenizer = ByteBpeGoldenTests.tokenizerJson("gpt2", false);
    refusesOrWorks(data, bytes -> Tokenizers.fromTokenizerJson(tokenizer, bytes, "input"));
  }

  @FuzzTest
  void sentencePiece(byte[] data) {
    refusesOrWorks(
        data, bytes -> SentencePieceTokenizer.of(SentencePieceModel.parse(bytes, "input")));
  }

  @FuzzTest
  void tiktoken(byte[] data) {
    refusesOrWorks(data, bytes -> Tokenizers.fromTiktoken(bytes, "input"));
  }

  @FuzzTest
  void llama2c(byte[] data) {
    refusesOrWorks(
        data, bytes -> SentencePieceTokenizer.of(Llama2cTokenizer.parse(bytes, "input")));
  }

  private static void refusesOrWorks(byte[] data, Function<byte[], Tokenizer> open) {
    try {
      Tokenizer tokenizer = open.apply(data);
      TokenizerPromises.check(tokenizer, TEXT);
    } catch (TokapuException e) {
      assertThat(e.getMessage()).isNotEmpty();
    }
  }
}
