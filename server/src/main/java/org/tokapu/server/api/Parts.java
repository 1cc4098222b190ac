package org.tokapu.server.api;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.tokapu.engine.FinishReason;
import org.tokapu.engine.Usage;
import org.tokapu.server.http.ApiError;

/// Parts that the objects of several endpoints have in common.
final class Parts {
  private Parts() {}

  /// Returns a JSON object from keys and values in turn.
  static Map<String, @Nullable Object> of(@Nullable Object... keysAndValues) {
    Map<String, @Nullable Object> out = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      out.put(String.valueOf(keysAndValues[i]), keysAndValues[i + 1]);
    }
    return out;
  }

  /// Returns a name that nothing else has.
  static String id(String prefix) {
    return prefix + UUID.randomUUID().toString().replace("-", "");
  }

  /// Returns the time as the API has it.
  static long now() {
    return System.currentTimeMillis() / 1000;
  }

  /// Returns OpenAI's word.
  ///
  /// @throws ApiError 503 if it was cancelled: then the server is stopping
  static String finish(FinishReason reason) {
    return switch (reason) {
      case STOP -> "stop";
      case LENGTH -> "length";
      case CANCELLED -> throw ApiError.overloaded("The answer was cancelled.", 1);
      case FAILED -> throw ApiError.internal("The answer could not be finished.");
    };
  }

  /// Returns the usage of answers that share a prompt, or of several prompts.
  static Map<String, @Nullable Object> usage(Usage usage) {
    return of(
        "prompt_tokens", usage.promptTokens(),
        "completion_tokens", usage.completionTokens(),
        "total_tokens", usage.promptTokens() + usage.completionTokens(),
        "prompt_tokens_details", of("cached_tokens", usage.cachedTokens()),
        "completion_tokens_details", of("reasoning_tokens", 0));
  }

  /// Adds up what several answers to one prompt took; the prompt counts once.
  static Usage sum(Usage a, Usage b) {
    return new Usage(
        Math.max(a.promptTokens(), b.promptTokens()),
        Math.max(a.cachedTokens(), b.cachedTokens()),
        a.completionTokens() + b.completionTokens());
  }

  /// Returns a model as the API describes it.
  static Map<String, @Nullable Object> model(ServedModel model) {
    return of(
        "id",
        model.id(),
        "object",
        "model",
        "created",
        model.created().getEpochSecond(),
        "owned_by",
        "tokapu",
        "context_length",
        model.context());
  }
}
