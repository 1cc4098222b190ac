package org.tokapu.text.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Utf8DecoderTests {
  /// Expected values: Python 3, `bytes.fromhex(x).decode('utf-8', 'replace')`.
  @ParameterizedTest
  @CsvSource({
    "eab0, 1",
    "ff41, 1A",
    "eda080, 111",
    "f0808080, 1111",
    "f09f98, 1",
    "f09f9841, 1A",
    "e18041c0af, 1A11",
    "c3c3a9, 1é",
    "f48fbfbff4908080, \udbff\udfff1111",
    "ed9fbfefbfbf, \ud7ff\uffff",
    "e0a0e0a080, 1\u0800",
  })
  void brokenBytesAreReplacedByMaximalParts(String hex, String expected) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    assertThat(Utf8Decoder.decode(bytes)).isEqualTo(expected.replace('1', '\ufffd'));
  }

  @Test
  void holdsBackWhatIsNotComplete() {
    byte[] bytes = "한😀".getBytes(StandardCharsets.UTF_8);
    Utf8Decoder decoder = new Utf8Decoder(id -> new byte[] {bytes[id]});
    String[] expected = {"", "", "한", "", "", "", "😀"};
    for (int i = 0; i < bytes.length; i++) {
      assertThat(decoder.next(i)).isEqualTo(expected[i]);
    }
    assertThat(decoder.finish()).isEmpty();
    assertThat(decoder.next(0) + decoder.next(3) + decoder.finish()).isEqualTo("\ufffd\ufffd");
  }

  @Test
  void piecesConcatenateToTheWhole() {
    Random random = new Random(7);
    for (int round = 0; round < 2000; round++) {
      byte[] bytes = new byte[random.nextInt(12)];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) (random.nextInt(4) == 0 ? random.nextInt() : 0x80 + random.nextInt(128));
      }
      Utf8Decoder decoder = new Utf8Decoder(id -> new byte[] {(byte) id});
      StringBuilder pieces = new StringBuilder();
      for (byte b : bytes) {
        pieces.append(decoder.next(b));
      }
      assertThat(pieces + decoder.finish()).isEqualTo(Utf8Decoder.decode(bytes));
    }
  }
}
