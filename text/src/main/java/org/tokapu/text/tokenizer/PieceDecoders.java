package org.tokapu.text.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.json.JsonObject;

/// Reads the `decoder` of a `tokenizer.json`: a chain of steps that each change a piece, made into
/// one [PieceDecoder].
final class PieceDecoders {
  /// A step that changes a piece, which may be the first of its text.
  @FunctionalInterface
  private interface Step {
    String apply(String piece, boolean first);
  }

  private final List<Step> steps = new ArrayList<>();
  private boolean byteLevel;
  private boolean byteFallback;
  private boolean fused;
  private char dropped = ' ';
  private int atStart;
  private int atEnd;

  private PieceDecoders() {}

  /// Returns the decoder that `json` describes; without one, pieces are joined by spaces.
  static PieceDecoder parse(@Nullable JsonObject json) {
    PieceDecoders made = new PieceDecoders();
    if (json == null) {
      made.steps.add((piece, first) -> first ? piece : " " + piece);
    } else {
      made.add(json);
    }
    return made.done();
  }

  private void add(JsonObject json) {
    String type = json.text("type").orElse("");
    switch (type) {
      case "Sequence" -> json.objects("decoders").forEach(this::add);
      case "ByteLevel" -> byteLevel = true;
      case "ByteFallback" -> byteFallback = true;
      case "Fuse" -> fused = true;
      case "WordPiece" ->
          steps.add(wordPiece(json.text("prefix").orElse("##"), json.flag("cleanup").orElse(true)));
      case "BPEDecoder" -> {
        String suffix = json.text("suffix").orElse("</w>");
        steps.add((piece, _) -> piece.replace(suffix, " "));
        dropped = ' ';
        atEnd = 1;
      }
      case "Metaspace" -> {
        String replacement = json.text("replacement").orElse("▁");
        boolean prepended = !PreTokenizers.prependScheme(json).equals("never");
        steps.add((piece, first) -> piece.replace(replacement, first && prepended ? "" : " "));
      }
      case "Replace" -> {
        Pattern pattern = RegexSyntax.pattern(json, "pattern");
        String content = Matcher.quoteReplacement(json.text("content").orElse(""));
        steps.add((piece, _) -> pattern.matcher(piece).replaceAll(content));
      }
      case "Strip" -> strip(json);
      default -> throw json.wrong("type", "is an unknown decoder: \"" + type + "\"");
    }
  }

  private void strip(JsonObject json) {
    String content = json.text("content").orElse(" ");
    int start = json.integer("start").orElse(0);
    int stop = json.integer("stop").orElse(0);
    if (content.length() != 1 || start < 0 || stop < 0) {
      throw json.wrong("content", "should be one character, with start and stop not negative");
    }
    char c = content.charAt(0);
    if (fused) {
      dropped = c;
      atStart = start;
      atEnd = stop;
    } else {
      UnaryOperator<String> strip = piece -> strip(piece, c, start, stop);
      steps.add((piece, _) -> strip.apply(piece));
    }
  }

  private static String strip(String piece, char c, int start, int stop) {
    int from = 0;
    while (from < start && from < piece.length() && piece.charAt(from) == c) {
      from++;
    }
    int to = piece.length();
    while (piece.length() - to < stop && to > from && piece.charAt(to - 1) == c) {
      to--;
    }
    return piece.substring(from, to);
  }

  private static Step wordPiece(String prefix, boolean cleanup) {
    return (piece, first) -> {
      String text =
          first ? piece : piece.startsWith(prefix) ? piece.substring(prefix.length()) : " " + piece;
      return cleanup ? cleanUp(text) : text;
    };
  }

  /// Takes spaces away before punctuation and shortened words, as BERT's users expect.
  private static String cleanUp(String text) {
    return text.replace(" .", ".")
        .replace(" ?", "?")
        .replace(" !", "!")
        .replace(" ,", ",")
        .replace(" ' ", "'")
        .replace(" n't", "n't")
        .replace(" 'm", "'m")
        .replace(" do not", " don't")
        .replace(" 's", "'s")
        .replace(" 've", "'ve")
        .replace(" 're", "'re");
  }

  /// Returns the byte that a piece `<0xED>` stands for, or -1.
  static int byteOf(String piece) {
    if (piece.length() != 6 || !piece.startsWith("<0x") || !piece.endsWith(">")) {
      return -1;
    }
    int high = Character.digit(piece.charAt(3), 16);
    int low = Character.digit(piece.charAt(4), 16);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }

  private PieceDecoder done() {
    List<Step> chain = List.copyOf(steps);
    boolean spelled = byteLevel;
    boolean bytes = byteFallback;
    char drop = dropped;
    int start = atStart;
    int end = atEnd;
    return new PieceDecoder() {
      @Override
      public byte[] bytes(String piece, boolean first) {
        int b = bytes ? byteOf(piece) : -1;
        if (b >= 0) {
          return new byte[] {(byte) b};
        }
        String text = piece;
        for (Step step : chain) {
          text = step.apply(text, first);
        }
        return spelled ? ByteAlphabet.bytesOrUtf8(text) : text.getBytes(StandardCharsets.UTF_8);
      }

      @Override
      public char dropped() {
        return drop;
      }

      @Override
      public int dropsAtStart() {
        return start;
      }

      @Override
      public int dropsAtEnd() {
        return end;
      }
    };
  }
}
