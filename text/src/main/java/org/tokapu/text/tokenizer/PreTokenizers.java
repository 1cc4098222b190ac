package org.tokapu.text.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.json.JsonObject;

/// Reads the `pre_tokenizer` of a `tokenizer.json`.
final class PreTokenizers {
  /// Patterns that have a scanner, as real files spell them.
  private static final Map<String, PatternScanner> SCANNERS =
      Map.ofEntries(
          Map.entry(
              "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
              Patterns::gpt2),
          Map.entry(
              "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}|"
                  + " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
              Patterns::cl100k),
          Map.entry(
              "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}|"
                  + " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
              Patterns::qwen2),
          Map.entry(
              "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*"
                  + "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"
                  + "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+"
                  + "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}|"
                  + " ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
              Patterns::o200k),
          Map.entry(
              "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*"
                  + "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+|"
                  + "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+"
                  + "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*|\\p{N}|"
                  + " ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
              Patterns::tekken));

  private PreTokenizers() {}

  /// What a `pre_tokenizer` comes down to.
  ///
  /// @param words cuts the words, or null: the whole text is one
  /// @param byteLevel whether what is left is to be spelled in bytes, as the last step
  record Parsed(@Nullable PreTokenizer words, boolean byteLevel) {}

  static Parsed parse(JsonObject json) {
    List<JsonObject> steps = new ArrayList<>();
    flatten(json, steps);
    PreTokenizer words = null;
    boolean byteLevel = false;
    for (int i = 0; i < steps.size(); i++) {
      if (byteLevel) {
        // Something looks at the spelled bytes: they must be there.
        words = chain(words, (text, out) -> out.accept(Normalizers.spellBytes(text)));
        byteLevel = false;
      }
      JsonObject step = steps.get(i);
      if (step.text("type").orElse("").equals("ByteLevel")) {
        if (step.flag("add_prefix_space").orElse(true)) {
          words = chain(words, (text, out) -> out.accept(spaceInFront(text)));
        }
        if (step.flag("use_regex").orElse(true)) {
          words = chain(words, (PatternScanner) Patterns::gpt2);
        }
        byteLevel = true;
      } else {
        words = chain(words, one(step));
      }
    }
    return new Parsed(words, byteLevel);
  }

  private static void flatten(JsonObject json, List<JsonObject> out) {
    if (json.text("type").orElse("").equals("Sequence")) {
      json.objects("pretokenizers").forEach(one -> flatten(one, out));
    } else {
      out.add(json);
    }
  }

  private static PreTokenizer chain(@Nullable PreTokenizer first, PreTokenizer second) {
    if (first == null) {
      return second;
    }
    if (first instanceof Splitter a && second instanceof Splitter b) {
      return a.then(b);
    }
    return (text, out) -> first.apply(text, word -> second.apply(word, out));
  }

  private static PreTokenizer one(JsonObject json) {
    String type = json.text("type").orElse("");
    return switch (type) {
      case "Split" -> split(json);
      case "Digits" ->
          new ClassSplitter(
              ClassSplitter::isNumber,
              json.flag("individual_digits").orElse(false)
                  ? SplitBehavior.ISOLATED
                  : SplitBehavior.CONTIGUOUS);
      case "Punctuation" ->
          new ClassSplitter(
              ClassSplitter::isPunctuation, SplitBehavior.parse(json, SplitBehavior.ISOLATED));
      case "Whitespace" ->
          new RegexSplitter(
              // Of Rust's regex, whose words are those of UTS 18, as Java's are.
              Pattern.compile("\\w+|[^\\w\\s]+", Pattern.UNICODE_CHARACTER_CLASS),
              SplitBehavior.REMOVED,
              true);
      case "WhitespaceSplit" -> new ClassSplitter(CharClass::isSpace, SplitBehavior.REMOVED);
      case "BertPreTokenizer" -> ClassSplitter.bert();
      case "CharDelimiterSplit" -> {
        String delimiter = json.text("delimiter").orElse(" ");
        yield new ClassSplitter(c -> delimiter.indexOf(c) >= 0, SplitBehavior.REMOVED);
      }
      case "Metaspace" -> metaspace(json);
      default -> throw json.wrong("type", "is an unknown pre-tokenizer: \"" + type + "\"");
    };
  }

  private static Splitter split(JsonObject json) {
    boolean inverted = json.flag("invert").orElse(false);
    SplitBehavior behavior = SplitBehavior.parse(json, SplitBehavior.ISOLATED);
    String regex = json.object("pattern").flatMap(p -> p.text("Regex")).orElse("");
    PatternScanner scanner = SCANNERS.get(regex);
    if (scanner != null
        && (behavior == SplitBehavior.ISOLATED
            || (behavior == SplitBehavior.REMOVED && inverted))) {
      return scanner;
    }
    if (regex.equals("\\p{N}") && !inverted) {
      return new ClassSplitter(ClassSplitter::isNumber, behavior);
    }
    return new RegexSplitter(RegexSyntax.pattern(json, "pattern"), behavior, inverted);
  }

  private static AlignedText spaceInFront(AlignedText text) {
    return text.text().startsWith(" ") ? text : Normalizers.prepend(text, " ");
  }

  /// Reads a `prepend_scheme`, or the flag that older files have instead.
  static String prependScheme(JsonObject json) {
    return json.text("prepend_scheme")
        .orElse(json.flag("add_prefix_space").orElse(true) ? "always" : "never");
  }

  private static PreTokenizer metaspace(JsonObject json) {
    String replacement = json.text("replacement").orElse("▁");
    String scheme = prependScheme(json);
    Pattern space = RegexSyntax.compile(" ");
    Splitter cut =
        new RegexSplitter(
            Pattern.compile(Pattern.quote(replacement)), SplitBehavior.MERGED_WITH_NEXT, false);
    boolean split = json.flag("split").orElse(true);
    return (text, out) -> {
      AlignedText word = Normalizers.replace(text, space, replacement);
      boolean first = scheme.equals("first") && text.originalStart(0) == 0;
      if ((scheme.equals("always") || first) && !word.text().startsWith(replacement)) {
        word = Normalizers.prepend(word, replacement);
      }
      if (split) {
        cut.apply(word, out);
      } else {
        out.accept(word);
      }
    };
  }
}
