package org.tokapu.text.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/// BPE over characters, as `tokenizer.json` files have it that come from SentencePiece (with bytes
/// for characters that are no pieces) or from GPT-1 (with a suffix at the end of words).
///
/// Semantics: the `BPE` model of Hugging Face tokenizers. Immutable and thread-safe.
final class SymbolBpe implements SubwordModel {
  private static final byte[] NO_BYTES = new byte[0];

  private final Map<String, Integer> ids;
  private final PairRanks ranks;
  private final Options options;

  /// Ids of characters of the basic plane as symbols of their own, or -1.
  private final int[] single = new int[0x10000];

  private final int[] byteIds = new int[256];

  /// The model's settings.
  ///
  /// @param unknown the id of a character that is no piece, or -1: it is dropped
  /// @param fuseUnknown whether several of them in a row make one token
  /// @param byteFallback whether such a character becomes pieces `<0xED>` first
  /// @param wholeWords whether a word that is a piece is taken without asking the merges
  /// @param continuing what the vocabulary spells before symbols that do not begin a word
  /// @param suffix what it spells after the symbol that ends a word
  record Options(
      int unknown,
      boolean fuseUnknown,
      boolean byteFallback,
      boolean wholeWords,
      String continuing,
      String suffix) {}

  SymbolBpe(Map<String, Integer> ids, PairRanks ranks, Options options) {
    this.ids = Map.copyOf(ids);
    this.ranks = ranks;
    this.options = options;
    for (int c = 0; c < single.length; c++) {
      single[c] = ids.getOrDefault(String.valueOf((char) c), -1);
    }
    for (int b = 0; b < 256; b++) {
      byteIds[b] = options.byteFallback() ? ids.getOrDefault("<0x%02X>".formatted(b), -1) : -1;
    }
  }

  @Override
  public Encoder encoder() {
    return new Run();
  }

  private final class Run implements Encoder {
    private final BpeMerger merger = new BpeMerger(ranks);
    private boolean lastUnknown;

    @Override
    public void encode(char[] text, int from, int to, TokenSink out) {
      if (options.wholeWords()) {
        int id = ids.getOrDefault(new String(text, from, to - from), -1);
        if (id >= 0) {
          out.add(id, from, to);
          return;
        }
      }
      merger.clear();
      lastUnknown = false;
      for (int at = from; at < to; at += CharClass.width(text, at, to)) {
        symbol(text, at, from, to);
      }
      merger.merge(NO_BYTES, to);
      for (int i = 0; i < merger.size(); i++) {
        // Several bytes of one character begin at the same char and end behind it.
        int start = merger.start(i);
        int end = merger.start(i + 1);
        out.add(merger.id(i), start, end == start ? start + CharClass.width(text, start, to) : end);
      }
    }

    private void symbol(char[] text, int at, int from, int to) {
      int width = CharClass.width(text, at, to);
      int id = id(text, at, from, to, width);
      if (id >= 0) {
        merger.add(id, at);
        lastUnknown = false;
        return;
      }
      if (options.byteFallback() && bytes(new String(text, at, width), at)) {
        lastUnknown = false;
        return;
      }
      if (options.unknown() >= 0 && !(options.fuseUnknown() && lastUnknown)) {
        merger.add(options.unknown(), at);
      }
      lastUnknown = true;
    }

    private int id(char[] text, int at, int from, int to, int width) {
      boolean first = at == from;
      boolean last = at + width == to;
      boolean plain =
          (first || options.continuing().isEmpty()) && (!last || options.suffix().isEmpty());
      if (plain && width == 1) {
        return single[text[at]];
      }
      String symbol = new String(text, at, width);
      if (!first) {
        symbol = options.continuing() + symbol;
      }
      if (last) {
        symbol = symbol + options.suffix();
      }
      return ids.getOrDefault(symbol, -1);
    }

    /// Adds the bytes of a character, or nothing if one of them is no piece.
    private boolean bytes(String symbol, int at) {
      byte[] utf8 = symbol.getBytes(StandardCharsets.UTF_8);
      for (byte b : utf8) {
        if (byteIds[b & 0xff] < 0) {
          return false;
        }
      }
      for (byte b : utf8) {
        merger.add(byteIds[b & 0xff], at);
      }
      return true;
    }
  }
}
