package org.tokapu.server.api;

import java.util.List;
import org.tokapu.engine.sampling.SamplingParams;
import org.tokapu.server.http.ApiError;
import org.tokapu.server.http.RequestBody;

/// What a client asks of `/v1/completions`.
///
/// @param model who is to go on
/// @param prompts from what; each gets `n` texts
/// @param params how
/// @param n how many texts are wanted of each prompt
/// @param bestOf how many are made, of which the likeliest are taken
/// @param echo whether the prompt comes first
/// @param logProbs how many alternatives are wanted; -1 for no log-probabilities
/// @param stream whether in chunks
/// @param includeUsage whether the chunks end with the usage
record CompletionCall(
    ServedModel model,
    List<int[]> prompts,
    SamplingParams params,
    int n,
    int bestOf,
    boolean echo,
    int logProbs,
    boolean stream,
    boolean includeUsage) {
  /// OpenAI's default; a completion has no end of its own.
  private static final int MAX_TOKENS = 16;

  private static final int MAX_ANSWERS = 2048;

  /// Reads a body, strictly.
  ///
  /// @throws ApiError 400 or 404
  static CompletionCall read(RequestBody body, ServedModels models) {
    ServedModel model = models.of(body);
    List<int[]> prompts =
        body.has("prompt")
            ? PromptFields.prompts(body, "prompt", model)
            : List.of(model.encode(""));
    body.ignore("prompt");
    for (int[] prompt : prompts) {
      model.requireFit(prompt, "prompt");
    }
    SamplingParams params = SamplingFields.read(body, model.tokenizer().vocabularySize());
    boolean echo = body.flag("echo").orElse(false);
    int limit = SamplingFields.maxTokens(body, echo ? 0 : 1, "max_tokens").orElse(MAX_TOKENS);
    int n = (int) body.integer("n", 1, 128).orElse(1);
    int bestOf = (int) body.integer("best_of", 1, 128).orElse(n);
    int logProbs = (int) body.integer("logprobs", 0, 5).orElse(-1);
    boolean stream = body.flag("stream").orElse(false);
    boolean usage = ChatCall.includeUsage(body, stream);
    checkBestOf(body, n, bestOf, stream);
    if (prompts.size() * bestOf > MAX_ANSWERS) {
      throw body.wrong(
          "prompt",
          "array_above_max_length",
          "At most %d texts are made in one request.".formatted(MAX_ANSWERS));
    }
    body.refuse("suffix", "no model here was trained to fill in the middle");
    body.text("user");
    body.end();
    int wanted = logProbs >= 0 ? logProbs : bestOf > n ? 0 : -1;
    return new CompletionCall(
        model,
        prompts,
        params.withMaxTokens(limit).withLogProbs(wanted),
        n,
        bestOf,
        echo,
        logProbs,
        stream,
        usage);
  }

  private static void checkBestOf(RequestBody body, int n, int bestOf, boolean stream) {
    if (bestOf < n) {
      throw body.wrong(
          "best_of", "invalid_value", "'best_of' must be at least 'n', which is %d.".formatted(n));
    }
    if (bestOf > n && stream) {
      throw body.wrong(
          "best_of",
          "invalid_parameter_combination",
          "Of several texts the best is known at the end only: 'best_of' cannot be streamed.");
    }
  }
}
