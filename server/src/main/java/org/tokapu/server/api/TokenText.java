package org.tokapu.server.api;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tokapu.engine.GeneratedToken;
import org.tokapu.engine.sampling.LogProbs;
import org.tokapu.engine.sampling.LogProbs.TokenLogProb;
import org.tokapu.text.Tokenizer;

/// Says which tokens a piece of text is made of, so that the bytes of all tokens that were told are
/// the text.
///
/// Text comes later than its tokens: half a character and what may become a stop string are held
/// back, and what was a stop string never comes. A decoder may drop the space in front of the first
/// word, and shows broken bytes as U+FFFD. So tokens wait here until their bytes have been seen in
/// the text; a token of which only the beginning is text is cut. One text; not thread-safe.
final class TokenText {
  /// What stands for minus infinity, which JSON cannot say.
  private static final double LEAST = -9999;

  /// A token, the bytes of it that are text, and its log-probability.
  record Told(int id, byte[] bytes, LogProbs logProbs) {}

  private record Waiting(int id, byte[] bytes, LogProbs logProbs) {}

  private final Tokenizer tokenizer;
  private final Deque<Waiting> waiting = new ArrayDeque<>();

  /// The bytes of all that wait, one after the other.
  private byte[] raw = {};

  /// How many of them are text already.
  private int seen;

  private boolean begun;

  TokenText(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /// Takes a token and the text that became certain with it.
  ///
  /// @param last whether this was the last one: then what waits is no text
  List<Told> next(GeneratedToken token, boolean last) {
    if (token.id() < tokenizer.vocabularySize() && token.logProbs().isPresent()) {
      byte[] bytes = tokenizer.bytes(token.id());
      if (bytes.length > 0) {
        waiting.add(new Waiting(token.id(), bytes, token.logProbs().get()));
        raw = concat(raw, bytes);
      }
    }
    match(token.text());
    return tell(last);
  }

  /// Moves [#seen] over the bytes that the text spells.
  private void match(String text) {
    for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
      byte[] want = Character.toString(text.codePointAt(i)).getBytes(StandardCharsets.UTF_8);
      if (!begun && raw.length > 0 && raw[0] == ' ' && want[0] != ' ') {
        dropFirstByte();
      }
      begun = true;
      if (starts(seen, want)) {
        seen += want.length;
      } else if (text.codePointAt(i) == 0xFFFD && seen < raw.length) {
        // Some decoders show each broken byte, others a whole broken sequence, of which the rest is
        // skipped when the next character comes.
        seen++;
      } else {
        seen = afterBroken(want);
      }
    }
  }

  private void dropFirstByte() {
    Waiting first = waiting.removeFirst();
    raw = Arrays.copyOfRange(raw, 1, raw.length);
    if (first.bytes.length > 1) {
      byte[] rest = Arrays.copyOfRange(first.bytes, 1, first.bytes.length);
      waiting.addFirst(new Waiting(first.id, rest, first.logProbs));
    }
  }

  private boolean starts(int at, byte[] want) {
    return at + want.length <= raw.length
        && Arrays.equals(raw, at, at + want.length, want, 0, want.length);
  }

  /// Returns where a character ends that comes after the rest of a broken sequence; the end of all
  /// if it does not come, since some tokenizers spell otherwise than they decode.
  private int afterBroken(byte[] want) {
    for (int at = seen; at < raw.length && raw[at] < 0; at++) {
      if (starts(at + 1, want)) {
        return at + 1 + want.length;
      }
    }
    return raw.length;
  }

  private List<Told> tell(boolean last) {
    List<Told> out = new ArrayList<>();
    while (!waiting.isEmpty()) {
      Waiting first = waiting.getFirst();
      int length = Math.min(first.bytes.length, seen);
      if (length == 0 || (length < first.bytes.length && !last)) {
        break;
      }
      waiting.removeFirst();
      out.add(new Told(first.id, Arrays.copyOf(first.bytes, length), first.logProbs));
      raw = Arrays.copyOfRange(raw, first.bytes.length, raw.length);
      seen -= length;
    }
    return out;
  }

  private static byte[] concat(byte[] a, byte[] b) {
    byte[] out = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, out, a.length, b.length);
    return out;
  }

  /// Returns an entry of `logprobs.content`.
  Map<String, @Nullable Object> chatEntry(Told told) {
    List<Object> top = new ArrayList<>();
    for (TokenLogProb other : told.logProbs.top()) {
      byte[] bytes = bytes(other.id());
      top.add(entry(bytes, other.logProb()));
    }
    Map<String, @Nullable Object> out = entry(told.bytes, told.logProbs.logProb());
    out.put("top_logprobs", top);
    return out;
  }

  private static Map<String, @Nullable Object> entry(byte[] bytes, double logProb) {
    List<Object> numbers = new ArrayList<>();
    for (byte b : bytes) {
      numbers.add(b & 0xFF);
    }
    return Parts.of("token", spelled(bytes), "logprob", finite(logProb), "bytes", numbers);
  }

  /// Returns the bytes of a token; none if it is beyond the vocabulary.
  byte[] bytes(int id) {
    return id < tokenizer.vocabularySize() ? tokenizer.bytes(id) : new byte[0];
  }

  /// Returns a log-probability that JSON can say.
  static double finite(double logProb) {
    return Math.max(LEAST, logProb);
  }

  /// Returns bytes as text, or as OpenAI spells those that are none: `bytes:\xed\x95`.
  static String spelled(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      StringBuilder out = new StringBuilder("bytes:");
      for (byte b : bytes) {
        out.append("\\x%02x".formatted(b & 0xFF));
      }
      return out.toString();
    }
  }
}
