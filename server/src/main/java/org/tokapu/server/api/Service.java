package org.tokapu.server.api;

import java.util.List;
import org.tokapu.engine.Timings;
import org.tokapu.engine.Usage;
import org.tokapu.server.http.Exchange;
import org.tokapu.server.metrics.Metrics;

/// What the endpoints work with. Immutable; owns the models.
///
/// @param models the models
/// @param meter quotas and the ledger
/// @param metrics the numbers for `/metrics`
/// @param counters those that answers add to
public record Service(ServedModels models, Meter meter, Metrics metrics, Counters counters) {
  /// What answers add to.
  ///
  /// @param prompt tokens of prompts
  /// @param cached those of them that did not have to be read again
  /// @param completion tokens that were generated
  public record Counters(
      Metrics.Counter prompt, Metrics.Counter cached, Metrics.Counter completion) {
    /// Adds them to the metrics.
    public static Counters of(Metrics metrics) {
      return new Counters(
          metrics.counter("tokapu_prompt_tokens_total", "Tokens of prompts."),
          metrics.counter("tokapu_cached_tokens_total", "Tokens of prompts not read again."),
          metrics.counter("tokapu_completion_tokens_total", "Tokens generated."));
    }
  }

  /// Starts answers whose tokens are charged to the caller.
  Answers start(Exchange exchange, ServedModel model, List<Answers.Job> jobs) {
    return Answers.start(
        model,
        exchange.caller().owner().id(),
        jobs,
        (usage, timings) -> charge(exchange, model, usage, timings));
  }

  /// Takes down what something took, for the caller and the metrics.
  void charge(Exchange exchange, ServedModel model, Usage usage, Timings timings) {
    meter.charge(exchange.caller(), model.id(), usage, timings);
    counters.prompt.add(usage.promptTokens(), "model", model.id());
    counters.cached.add(usage.cachedTokens(), "model", model.id());
    counters.completion.add(usage.completionTokens(), "model", model.id());
  }

  /// Notes the tokens of a request for the log.
  void note(Exchange exchange, Usage usage) {
    exchange.note("prompt_tokens", usage.promptTokens());
    exchange.note("cached_tokens", usage.cachedTokens());
    exchange.note("completion_tokens", usage.completionTokens());
  }
}
