package org.tokapu.text.tokenizer;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the names in `tokenizer.ggml.pre` mean: how a byte-level vocabulary of a GGUF file cuts
/// words.
///
/// The names and the patterns are facts of llama.cpp's converter and loader; where a model's own
/// `tokenizer.json` has a pattern that llama.cpp approximates, the model's pattern is here.
final class GgufPatterns {
  /// What stands behind a name.
  ///
  /// @param wholeWords whether a word that is a token is taken without its merges
  /// @param addBos whether `bos` goes in front of a prompt if the file does not say
  record Pattern(Splitter words, boolean wholeWords, boolean addBos) {}

  private static final Splitter GPT2 = (PatternScanner) Patterns::gpt2;
  private static final Splitter CL100K = (PatternScanner) Patterns::cl100k;
  private static final Splitter QWEN2 = (PatternScanner) Patterns::qwen2;
  private static final Splitter O200K = (PatternScanner) Patterns::o200k;
  private static final Splitter TEKKEN = (PatternScanner) Patterns::tekken;
  private static final Splitter DIGITS =
      new ClassSplitter(ClassSplitter::isNumber, SplitBehavior.ISOLATED);

  private static final String BLOOM = " ?[^(\\s|.,!?…。，、।۔،)]+";
  private static final String IDEOGRAPHS = "[一-龥ࠀ-一가-\ud7ff]+";

  /// The letters of alphabets that have capitals, as DeepSeek's pattern lists them.
  private static final String CASED =
      "A-Za-zµÀ-ÖØ-öø-ƺƼ-ƿǄ-ʓʕ-ʯͰ-ͳͶͷͻ-ͽͿΆΈ-ΊΌΎ-ΡΣ-ϵϷ-ҁҊ-ԯԱ-ՖႠ-ჅᎠ-Ᏽᏸ-ᏽᲐ-ᲺᲽ-Ჿᴀ-ᴫᵫ-ᵷᵹ-ᶚ"
          + "Ḁ-ἕἘ-Ἕἠ-ὅὈ-Ὅὐ-ὗὙὛὝὟ-ώᾀ-ᾴᾶ-ᾼιῂ-ῄῆ-ῌῐ-ΐῖ-Ίῠ-Ῥῲ-ῴῶ-ῼℂℇℊ-ℓℕℙ-ℝℤΩℨK-ℭℯ-ℴℹℼ-ℿⅅ-ⅉⅎↃↄ"
          + "Ⰰ-ⱻⱾ-ⳤⳫ-ⳮⳲⳳꙀ-ꙭꚀ-ꚛꜢ-ꝯꝱ-ꞇꞋ-ꞎꭰ-ꮿﬀ-ﬆﬓ-ﬗＡ-Ｚａ-ｚ𐐀-𐑏𐒰-𐓓𐓘-𐓻𐲀-𐲲𐳀-𐳲𑢠-𑣟𞤀-𞥃";

  private static final Map<String, Pattern> BY_NAME = byName();

  private GgufPatterns() {}

  /// Returns what a name means, or null if it is unknown.
  static @Nullable Pattern of(String name) {
    return BY_NAME.get(name);
  }

  private static Map<String, Pattern> byName() {
    Map<String, Pattern> out = new HashMap<>();
    put(out, unnamed(), false, "default");
    for (String name : List.of("llama3", "llama-v3", "llama-bpe", "falcon3", "pixtral")) {
      out.put(name, new Pattern(CL100K, true, true));
    }
    put(out, CL100K, true, "falcon-h1", "midm-2.0", "lfm2");
    put(out, CL100K, false, "dbrx", "smaug-bpe", "chatglm-bpe", "glm4");
    put(out, QWEN2, false, "qwen2", "deepseek-r1-qwen", "stablelm2", "megrez", "kormo");
    put(out, GPT2, false, "gpt-2", "phi-2", "mpt", "olmo", "jais", "gigachat", "roberta-bpe");
    put(out, GPT2, false, "jina-es", "jina-de", "jina-v1-en", "jina-v2-es", "jina-v2-de");
    put(out, GPT2, false, "jina-v2-code", "a.x-4.0", "mellum", "modern-bert", "exaone4");
    put(out, DIGITS.then(GPT2), false, "starcoder", "refact", "command-r", "smollm", "codeshell");
    put(out, DIGITS.then(GPT2), false, "exaone", "minerva-7b");
    put(out, falcon(), false, "falcon");
    put(out, regexes(BLOOM), false, "poro-chat", "bloom", "gpt3-finnish");
    put(out, regexes(BLOOM).then(DIGITS), false, "viking");
    put(out, O200K, false, "gpt-4o", "llama4", "kanana2");
    out.put("tekken", new Pattern(TEKKEN, true, true));
    out.put("chameleon", new Pattern(chameleon(), false, true));
    putDeepSeek(out);
    return Map.copyOf(out);
  }

  private static void put(
      Map<String, Pattern> out, Splitter words, boolean wholeWords, String... names) {
    for (String name : names) {
      out.put(name, new Pattern(words, wholeWords, false));
    }
  }

  private static void putDeepSeek(Map<String, Pattern> out) {
    put(
        out,
        regexes(
            "[\\r\\n]",
            "\\s?[" + CASED + "]+",
            "\\s?[!-/:-~！-／：-～‘-‟\u3000-。]+",
            "\\s+$",
            IDEOGRAPHS,
            "\\p{N}+"),
        false,
        "deepseek-llm");
    put(
        out,
        regexes("[\\r\\n]", "\\s?\\p{L}+", "\\s?\\p{P}+", IDEOGRAPHS, "\\p{N}"),
        false,
        "deepseek-coder");
    put(
        out,
        regexes(
            "\\p{N}{1,3}",
            "[一-龥぀-ゟ゠-ヿ]+",
            "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+"
                + "|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*"
                + "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"),
        false,
        "deepseek-v3");
  }

  /// `[\p{P}$+<=>^~|`]+`, then GPT-2's pattern, then digits by threes.
  private static Splitter falcon() {
    return symbols("$+<=>^~|`").then(GPT2).then(regexes("[0-9][0-9][0-9]"));
  }

  /// What files without a name are cut with.
  private static Splitter unnamed() {
    return symbols("$+<=>^~|").then(GPT2).then(regexes("\\p{N}+", "[0-9][0-9][0-9]"));
  }

  private static Splitter chameleon() {
    return regexes("<sentinel:[0-9]+>", "(IMGIMG)((A|B|C|D|E|F|G|H|I){1,4})Z", "([\\t\\n]|    |  )")
        .then(DIGITS)
        .then(new ClassSplitter(ClassSplitter::isPunctuation, SplitBehavior.ISOLATED))
        .then(GPT2);
  }

  private static Splitter symbols(String more) {
    return new ClassSplitter(
        c -> (CharClass.of(c) & CharClass.PUNCTUATION) != 0 || more.indexOf(c) >= 0,
        SplitBehavior.CONTIGUOUS);
  }

  private static Splitter regexes(String... patterns) {
    return Arrays.stream(patterns)
        .map(p ->
            (Splitter) new RegexSplitter(RegexSyntax.compile(p), SplitBehavior.ISOLATED, false))
        .reduce(Splitter::then)
        .orElseThrow();
  }
}
