package org.tokapu.model.convert;

import org.tokapu.base.json.Json;
import org.tokapu.base.json.JsonObject;

/// Recognises how a byte-level tokenizer.json splits text, and says it by the name that GGUF files
/// use (`tokenizer.ggml.pre`).
final class PreTokenizerName {
  private PreTokenizerName() {}

  /// Returns the name; `default` where none is known, which readers take as GPT-2's.
  static String of(JsonObject tokenizer) {
    String split = Json.write(tokenizer.map().get("pre_tokenizer"));
    boolean oneDigit = split.contains("\\\\p{N}|");
    boolean threeDigits = split.contains("\\\\p{N}{1,3}");
    if (split.contains("(?i:'s|'t|'re")) {
      return threeDigits ? "llama-bpe" : oneDigit ? "qwen2" : "default";
    }
    if (split.contains("\"Digits\"")) {
      return "smollm";
    }
    if (split.contains("\"use_regex\":true") || !split.contains("\"Split\"")) {
      return "gpt-2";
    }
    return "default";
  }
}
