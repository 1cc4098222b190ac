package org.tokapu.text.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import org.tokapu.text.Encoding;
import org.tokapu.text.SpecialScope;
import org.tokapu.text.TokenDecoder;
import org.tokapu.text.Tokenizer;

/// What every tokenizer promises of every text.
final class TokenizerPromises {
  private TokenizerPromises() {}

  static void check(Tokenizer tokenizer, String text) {
    int[] ids = tokenizer.encode(text);
    for (int id : ids) {
      assertThat(id).isBetween(0, tokenizer.vocabularySize() - 1);
    }
    placesGrowAndStayInside(tokenizer, text);
    streamsDecodeAsTheWhole(tokenizer, ids);
  }

  /// Holds where no special token is a plain piece as well.
  static void plainTextHoldsNoSpecialTokens(Tokenizer tokenizer, String text) {
    int unknown = tokenizer.special().unknown();
    for (int id : tokenizer.encode(text)) {
      if (id != unknown) {
        assertThat(tokenizer.special().byText().values()).doesNotContain(id);
      }
    }
  }

  static void placesGrowAndStayInside(Tokenizer tokenizer, String text) {
    placesGrowAndStayInside(
        text, tokenizer.encodeWithOffsets(text, SpecialScope.NONE, false), tokenizer.encode(text));
    placesGrowAndStayInside(
        text,
        tokenizer.encodeWithOffsets(text, SpecialScope.ALL, true),
        tokenizer.encodePrompt(text, SpecialScope.ALL));
  }

  private static void placesGrowAndStayInside(String text, Encoding places, int[] ids) {
    assertThat(places.ids()).isEqualTo(ids);
    int last = 0;
    for (int t = 0; t < ids.length; t++) {
      assertThat(places.starts()[t]).isBetween(last, text.length());
      assertThat(places.ends()[t]).isBetween(places.starts()[t], text.length());
      last = places.ends()[t];
    }
  }

  static void streamsDecodeAsTheWhole(Tokenizer tokenizer, int[] ids) {
    TokenDecoder stream = tokenizer.decoder();
    StringBuilder out = new StringBuilder();
    for (int id : ids) {
      String part = stream.next(id);
      assertThat(part.isEmpty() || !Character.isHighSurrogate(part.charAt(part.length() - 1)))
          .isTrue();
      out.append(part);
    }
    assertThat(out.append(stream.finish()).toString()).isEqualTo(tokenizer.decode(ids));
  }

  /// The text as a tokenizer reads it: unpaired surrogates are U+FFFD.
  static String mended(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints().forEach(c -> out.appendCodePoint(c >= 0xd800 && c < 0xe000 ? 0xfffd : c));
    return out.toString();
  }
}
