package org.tokapu.server.api;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tokapu.engine.GeneratedToken;
import org.tokapu.engine.Generation;
import org.tokapu.engine.GenerationRequest;
import org.tokapu.engine.LanguageModel;
import org.tokapu.engine.sampling.LogProbs;
import org.tokapu.engine.sampling.LogitsProcessor;
import org.tokapu.engine.sampling.SamplingParams;

/// The log-probabilities of the tokens of a prompt, all but the first: each is generated anew, with
/// everything else ruled out. Costs a step a token.
final class PromptScores {
  private PromptScores() {}

  /// Computes them.
  ///
  /// @param alternatives how many likeliest tokens to report beside
  /// @param scope whose prompt it is
  static List<LogProbs> of(LanguageModel model, int[] prompt, int alternatives, String scope) {
    List<LogProbs> out = new ArrayList<>();
    while (out.size() < prompt.length - 1) {
      int known = out.size() + 1;
      LogitsProcessor only =
          (logits, history) -> {
            float logit = logits[prompt[history.length()]];
            Arrays.fill(logits, Float.NEGATIVE_INFINITY);
            logits[prompt[history.length()]] = Float.isInfinite(logit) ? 0 : logit;
          };
      SamplingParams params =
          SamplingParams.greedy().withMaxTokens(prompt.length - known).withLogProbs(alternatives);
      // A token that ends answers ends the generation too; then another one goes on behind it.
      GenerationRequest request =
          GenerationRequest.of(Arrays.copyOf(prompt, known), params)
              .withProcessors(List.of(only))
              .withScope(scope);
      try (Generation generation = model.generate(request)) {
        for (GeneratedToken token : generation) {
          out.add(token.logProbs().orElseThrow());
        }
      }
    }
    return out;
  }
}
