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
  private static final String IDEOGRAPHS = "[\\u4E00-\\u9FA5\\u0800-\\u4E00\\uAC00-\\uD7FF]+";

  /// The letters of alphabets that have capitals, as DeepSeek's pattern lists them.
  private static final String CASED =
      "A-Za-z\\u00B5\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u01BA\\u01BC-\\u01BF\\u01C4-"
          + "\\u0293\\u0295-\\u02AF\\u0370-\\u0373\\u0376\\u0377\\u037B-\\u037D\\u037F\\u0386"
          + "\\u0388-\\u038A\\u038C\\u038E-\\u03A1\\u03A3-\\u03F5\\u03F7-\\u0481\\u048A-\\u052F"
          + "\\u0531-\\u0556\\u10A0-\\u10C5\\u13A0-\\u13F5\\u13F8-\\u13FD\\u1C90-\\u1CBA\\u1CBD"
          + "-\\u1CBF\\u1D00-\\u1D2B\\u1D6B-\\u1D77\\u1D79-\\u1D9A\\u1E00-\\u1F15\\u1F18-"
          + "\\u1F1D\\u1F20-\\u1F45\\u1F48-\\u1F4D\\u1F50-\\u1F57\\u1F59\\u1F5B\\u1F5D\\u1F5F-"
          + "\\u1F7D\\u1F80-\\u1FB4\\u1FB6-\\u1FBC\\u1FBE\\u1FC2-\\u1FC4\\u1FC6-\\u1FCC\\u1FD0-"
          + "\\u1FD3\\u1FD6-\\u1FDB\\u1FE0-\\u1FEC\\u1FF2-\\u1FF4\\u1FF6-\\u1FFC\\u2102\\u2107"
          + "\\u210A-\\u2113\\u2115\\u2119-\\u211D\\u2124\\u2126\\u2128\\u212A-\\u212D\\u212F-"
          + "\\u2134\\u2139\\u213C-\\u213F\\u2145-\\u2149\\u214E\\u2183\\u2184\\u2C00-\\u2C7B"
          + "\\u2C7E-\\u2CE4\\u2CEB-\\u2CEE\\u2CF2\\u2CF3\\uA640-\\uA66D\\uA680-\\uA69B\\uA722-"
          + "\\uA76F\\uA771-\\uA787\\uA78B-\\uA78E\\uAB70-\\uABBF\\uFB00-\\uFB06\\uFB13-\\uFB17"
          + "\\uFF21-\\uFF3A\\uFF41-\\uFF5A\\x{10400}-\\x{1044F}\\x{104B0}-\\x{104D3}\\x{104D8}"
          + "-\\x{104FB}\\x{10C80}-\\x{10CB2}\\x{10CC0}-\\x{10CF2}\\x{118A0}-\\x{118DF}"
          + "\\x{1E900}-\\x{1E943}";

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
            "\\s?[!-/:-~\\uFF01-\\uFF0F\\uFF1A-\\uFF5E\\u2018-\\u201F\\u3000-\\u3002]+",
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
            "[\\u4E00-\\u9FA5\\u3040-\\u309F\\u30A0-\\u30FF]+",
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
