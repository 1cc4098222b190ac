package org.tokapu.text.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.ModelFormatException;
import org.tokapu.text.Tokenizer;

/// Reads tiktoken files: each line holds a token in Base64, a space, and its rank, which is its id.
///
/// Neither the pattern that cuts words nor the special tokens are in the file. They are known for
/// OpenAI's vocabularies by the file's name or else by the number of ranks; other files are read as
/// cl100k without special tokens. Source: tiktoken's `load.py` and `openai_public.py`.
final class Tiktoken {
  /// No token of a real vocabulary is nearly as long.
  private static final int LONGEST = 4096;

  private static final int MOST_LINES = 1 << 22;

  private record Kind(
      String name, int ranks, PatternScanner pattern, Map<String, Integer> special) {}

  private static final List<Kind> KINDS =
      List.of(
          new Kind("r50k_base", 50256, Patterns::gpt2, Map.of("<|endoftext|>", 50256)),
          new Kind("p50k_base", 50280, Patterns::gpt2, Map.of("<|endoftext|>", 50256)),
          new Kind(
              "cl100k_base",
              100256,
              Patterns::cl100k,
              Map.of(
                  "<|endoftext|>", 100257,
                  "<|fim_prefix|>", 100258,
                  "<|fim_middle|>", 100259,
                  "<|fim_suffix|>", 100260,
                  "<|endofprompt|>", 100276)),
          new Kind(
              "o200k_base",
              199998,
              Patterns::o200k,
              Map.of("<|endoftext|>", 199999, "<|endofprompt|>", 200018)));

  private Tiktoken() {}

  static Tokenizer read(byte[] file, String source) {
    byte[][] pieces = ranks(file, source);
    Kind kind = kind(pieces, source);
    Map<String, Integer> ids = new HashMap<>();
    for (int id = 0; id < pieces.length; id++) {
      if (pieces[id].length == 0) {
        continue; // p50k_base leaves out the id of its special token
      }
      if (ids.put(ByteAlphabet.spell(pieces[id]), id) != null) {
        throw new ModelFormatException(source, "rank " + id, "repeats an earlier token");
      }
    }
    for (int b = 0; b < 256; b++) {
      if (!ids.containsKey(String.valueOf(ByteAlphabet.spell(b)))) {
        throw new ModelFormatException(source, "ranks", "byte " + b + " has none");
      }
    }
    List<AddedToken> added = new ArrayList<>();
    kind.special().forEach((text, id) -> added.add(AddedToken.special(text, id)));
    PieceTable table = new PieceTable(pieces);
    int end = kind.special().getOrDefault("<|endoftext|>", -1);
    return new PipelineTokenizer(
        new PipelineTokenizer.Parts(
            new Vocabulary(ids, added, source),
            null,
            kind.pattern(),
            new ByteBpe(table, new ByteRanks(table), true, -1, false),
            PieceDecoder.BYTE_LEVEL,
            new int[0],
            new int[0],
            SpecialTable.of(
                new SpecialTable.Roles(-1, end, -1, -1),
                new int[0],
                new int[0],
                new int[0],
                added)));
  }

  private static Kind kind(byte[][] pieces, String source) {
    for (Kind kind : KINDS) {
      if (source.contains(kind.name())) {
        return kind;
      }
    }
    long ranks = Arrays.stream(pieces).filter(p -> p.length > 0).count();
    for (Kind kind : KINDS) {
      if (ranks == kind.ranks()) {
        return kind;
      }
    }
    return new Kind("", 0, Patterns::cl100k, Map.of());
  }

  /// Returns tokens by rank; ranks that are not there are empty.
  private static byte[][] ranks(byte[] file, String source) {
    List<byte[]> tokens = new ArrayList<>();
    List<Integer> ranks = new ArrayList<>();
    int most = -1;
    int line = 0;
    for (int at = 0; at < file.length; line++) {
      int stop = at;
      while (stop < file.length && file[stop] != '\n') {
        stop++;
      }
      int end = stop > at && file[stop - 1] == '\r' ? stop - 1 : stop;
      if (end > at) {
        String where = "line " + (line + 1);
        int space = end;
        while (space > at && file[space - 1] != ' ') {
          space--;
        }
        int rank = number(file, space, end);
        byte[] token = base64(Arrays.copyOfRange(file, at, Math.max(at, space - 1)));
        if (token == null || token.length == 0 || token.length > LONGEST || rank < 0) {
          throw new ModelFormatException(
              source, where, "should be a token in Base64, a space and a rank");
        }
        tokens.add(token);
        ranks.add(rank);
        most = Math.max(most, rank);
      }
      at = stop + 1;
    }
    if (tokens.isEmpty() || tokens.size() > MOST_LINES || most > tokens.size() + 65536) {
      throw new ModelFormatException(
          source, "ranks", tokens.size() + " tokens with ranks up to " + most);
    }
    byte[][] out = new byte[most + 1][];
    for (int i = 0; i < tokens.size(); i++) {
      if (out[ranks.get(i)] != null) {
        throw new ModelFormatException(source, "ranks", "rank " + ranks.get(i) + " is there twice");
      }
      out[ranks.get(i)] = tokens.get(i);
    }
    for (int i = 0; i < out.length; i++) {
      out[i] = out[i] == null ? new byte[0] : out[i];
    }
    return out;
  }

  private static byte @Nullable [] base64(byte[] text) {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static int number(byte[] file, int from, int to) {
    if (from == to || to - from > 8) {
      return -1;
    }
    String digits = new String(file, from, to - from, StandardCharsets.ISO_8859_1);
    return digits.chars().allMatch(c -> c >= '0' && c <= '9') ? Integer.parseInt(digits) : -1;
  }
}
