package org.tokapu.engine;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tokapu.text.Encoding;
import org.tokapu.text.SpecialScope;
import org.tokapu.text.SpecialTokens;
import org.tokapu.text.TokenDecoder;
import org.tokapu.text.Tokenizer;

/// One token a byte, `id = byte + 3`; before them unknown, BOS and EOS, behind them `<end>`.
///
/// Half of every Hangul syllable and every emoji is a token here, so it tests what is held back.
final class ByteTokenizer implements Tokenizer {
  static final int BOS = 1;
  static final int EOS = 2;
  static final int END = 259;
  static final int SIZE = 260;

  private static final int FIRST = 3;
  private static final String END_TEXT = "<end>";

  static int id(int b) {
    return (b & 0xff) + FIRST;
  }

  @Override
  public int vocabularySize() {
    return SIZE;
  }

  @Override
  public SpecialTokens special() {
    return new SpecialTokens(
        BOS, EOS, 0, -1, true, false, Set.of(EOS, END), Map.of(END_TEXT, END, "<s>", BOS));
  }

  @Override
  public int[] encode(String text, SpecialScope scope) {
    List<Integer> ids = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int from = at;
      var special =
          special().byText().entrySet().stream()
              .filter(e -> text.startsWith(e.getKey(), from))
              .filter(e -> scope.allows(from, from + e.getKey().length()))
              .findFirst();
      if (special.isPresent()) {
        ids.add(special.get().getValue());
        at += special.get().getKey().length();
      } else {
        int end = text.offsetByCodePoints(at, 1);
        for (byte b : text.substring(at, end).getBytes(StandardCharsets.UTF_8)) {
          ids.add(id(b));
        }
        at = end;
      }
    }
    return ids.stream().mapToInt(Integer::intValue).toArray();
  }

  @Override
  public int[] encodePrompt(String text, SpecialScope scope) {
    int[] ids = encode(text, scope);
    int[] out = new int[ids.length + 1];
    out[0] = BOS;
    System.arraycopy(ids, 0, out, 1, ids.length);
    return out;
  }

  @Override
  public Encoding encodeWithOffsets(String text, SpecialScope scope, boolean addSpecial) {
    throw new UnsupportedOperationException("offsets are not needed here");
  }

  @Override
  public byte[] bytes(int id) {
    return id < FIRST || id == END ? new byte[0] : new byte[] {(byte) (id - FIRST)};
  }

  @Override
  public String piece(int id) {
    return "<%02x>".formatted(id);
  }

  @Override
  public String decode(int... ids) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int id : ids) {
      out.writeBytes(bytes(id));
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  @Override
  public TokenDecoder decoder() {
    return new TokenDecoder() {
      private final List<Integer> seen = new ArrayList<>();
      private int given;

      @Override
      public String next(int id) {
        seen.add(id);
        return certain(false);
      }

      @Override
      public String finish() {
        return certain(true);
      }

      /// Decodes everything again and holds back what may still change.
      private String certain(boolean end) {
        String all = decode(seen.stream().mapToInt(Integer::intValue).toArray());
        int hold = all.length();
        while (!end
            && hold > given
            && all.length() - hold < 3
            && all.charAt(hold - 1) == '\ufffd') {
          hold--;
        }
        String out = all.substring(given, Math.max(given, hold));
        given += out.length();
        return out;
      }
    };
  }
}
