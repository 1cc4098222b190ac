package org.tokapu.text.tokenizer;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer.Form;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.json.JsonObject;

/// Reads the `normalizer` of a `tokenizer.json`.
final class Normalizers {
  private Normalizers() {}

  /// Returns the normalizer that `json` describes, or null if it changes nothing.
  ///
  /// @param source the file, for messages
  static @Nullable TextNormalizer parse(JsonObject json, String source) {
    String type = json.text("type").orElse("");
    return switch (type) {
      case "Sequence" -> sequence(json, source);
      case "NFC" -> new UnicodeForm(Form.NFC);
      case "NFD" -> new UnicodeForm(Form.NFD);
      case "NFKC" -> new UnicodeForm(Form.NFKC);
      case "NFKD" -> new UnicodeForm(Form.NFKD);
      case "Lowercase" -> (CharNormalizer) CharNormalizer::lower;
      case "StripAccents" -> (CharNormalizer) CharNormalizer::stripAccent;
      case "Nmt" -> (CharNormalizer) CharNormalizer::nmt;
      case "BertNormalizer" ->
          bert(
              json.flag("clean_text").orElse(true),
              json.flag("handle_chinese_chars").orElse(true),
              json.flag("lowercase").orElse(true),
              json.flag("strip_accents").orElse(json.flag("lowercase").orElse(true)));
      case "Replace" -> {
        Pattern pattern = RegexSyntax.pattern(json, "pattern");
        String content = json.text("content").orElse("");
        yield text -> replace(text, pattern, content);
      }
      case "Prepend" -> {
        String prefix = json.text("prepend").orElse("");
        yield text -> prepend(text, prefix);
      }
      case "Strip" -> {
        boolean left = json.flag("strip_left").orElse(true);
        boolean right = json.flag("strip_right").orElse(true);
        yield text -> strip(text, left, right);
      }
      case "ByteLevel" -> Normalizers::spellBytes;
      case "Precompiled" -> precompiled(json, source);
      default -> throw json.wrong("type", "is an unknown normalizer: \"" + type + "\"");
    };
  }

  private static @Nullable TextNormalizer sequence(JsonObject json, String source) {
    TextNormalizer all = null;
    for (JsonObject one : json.objects("normalizers")) {
      TextNormalizer next = parse(one, source);
      all = all == null ? next : next == null ? all : all.then(next);
    }
    return all;
  }

  /// SentencePiece's compiled rules: at each place the longest one that matches.
  private static @Nullable TextNormalizer precompiled(JsonObject json, String source) {
    String text = json.text("precompiled_charsmap").orElse("");
    if (text.isEmpty()) {
      return null;
    }
    byte[] blob;
    try {
      blob = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw json.wrong("precompiled_charsmap", "is not Base64");
    }
    CharsMap rules = new CharsMap(blob, source);
    return old -> {
      char[] in = old.text().toCharArray();
      char[] replacements = rules.replacements();
      AlignedText.Builder out = old.change();
      for (int at = 0; at < in.length; ) {
        long match = rules.concerns(in[at]) ? rules.match(in, at, in.length) : 0;
        if (match == 0) {
          out.keep(at, at + 1);
          at++;
          continue;
        }
        int end = at + (int) (match >>> 32);
        int start = (int) match;
        int stop = start;
        while (replacements[stop] != 0) {
          stop++;
        }
        out.add(new String(replacements, start, stop - start), at, end);
        at = end;
      }
      return out.done();
    };
  }

  /// BERT's normalizer, in its fixed order.
  static TextNormalizer bert(boolean clean, boolean chinese, boolean lower, boolean stripAccents) {
    TextNormalizer none = (CharNormalizer) _ -> null;
    TextNormalizer all = clean ? (CharNormalizer) CharNormalizer::bertClean : none;
    if (chinese) {
      all = all.then((CharNormalizer) CharNormalizer::bertChinese);
    }
    if (stripAccents) {
      all = all.then(new UnicodeForm(Form.NFD)).then((CharNormalizer) CharNormalizer::stripAccent);
    }
    return lower ? all.then((CharNormalizer) CharNormalizer::lower) : all;
  }

  static AlignedText replace(AlignedText text, Pattern pattern, String content) {
    Matcher matcher = pattern.matcher(RegexSyntax.bounded(text.text()));
    AlignedText.Builder out = null;
    int at = 0;
    while (matcher.find()) {
      if (matcher.end() == matcher.start()) {
        continue;
      }
      out = out == null ? text.change() : out;
      out.keep(at, matcher.start()).add(content, matcher.start(), matcher.end());
      at = matcher.end();
    }
    return out == null ? text : out.keep(at, text.text().length()).done();
  }

  static AlignedText prepend(AlignedText text, String prefix) {
    return text.isEmpty()
        ? text
        : text.change().add(prefix, 0, 0).keep(0, text.text().length()).done();
  }

  private static AlignedText strip(AlignedText text, boolean left, boolean right) {
    int from = 0;
    int to = text.text().length();
    while (left && from < to && CharClass.isSpace(text.text().charAt(from))) {
      from++;
    }
    while (right && to > from && CharClass.isSpace(text.text().charAt(to - 1))) {
      to--;
    }
    return text.slice(from, to);
  }

  /// Spells the UTF-8 bytes of each character in the byte alphabet.
  static AlignedText spellBytes(AlignedText text) {
    AlignedText.Builder out = text.change();
    String old = text.text();
    for (int at = 0; at < old.length(); ) {
      int end = at + Character.charCount(old.codePointAt(at));
      byte[] utf8 = old.substring(at, end).getBytes(StandardCharsets.UTF_8);
      out.add(ByteAlphabet.spell(utf8), at, end);
      at = end;
    }
    return out.done();
  }
}
