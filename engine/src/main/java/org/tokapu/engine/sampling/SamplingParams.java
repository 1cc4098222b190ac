package org.tokapu.engine.sampling;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// How tokens are chosen and when to stop. Immutable; every `with` returns a changed copy.
///
/// The defaults are llama.cpp's: temperature 0.8, top-k 40, top-p 0.95, min-p 0.05, everything else
/// off, a fresh seed each time. A value out of range is a [org.tokapu.base.TokapuException] that
/// names parameter, range and value.
///
/// @param temperature 0 takes the likeliest token; see [Temperature]
/// @param truncation which candidates are taken away
/// @param penalties what makes repetitions less likely
/// @param dry the penalty on repeated sequences
/// @param mirostat if present, replaces all truncations
/// @param tokens biases and bans
/// @param limits where to stop
/// @param seed chooses the random numbers; a fresh seed each time if absent
/// @param logProbs how many likeliest alternatives to report for each token; -1 for no
///   log-probabilities at all
/// @param samplers names of samplers in the order to apply them, those not named are off; empty for
///   the order of [Samplers]
public record SamplingParams(
    double temperature,
    Truncation truncation,
    Penalties penalties,
    DryParams dry,
    Optional<MirostatParams> mirostat,
    TokenRules tokens,
    Limits limits,
    OptionalLong seed,
    int logProbs,
    List<String> samplers) {
  /// Checks the ranges.
  public SamplingParams {
    Range.check("temperature", temperature, 0, 100);
    Range.check("log_probs", logProbs, -1, 1000);
    samplers = List.copyOf(samplers);
    Samplers.checkOrder(samplers);
  }

  /// Returns the defaults.
  public static SamplingParams defaults() {
    return plain().withTemperature(0.8).with(Truncation.DEFAULT);
  }

  /// Returns parameters that draw from the model's own distribution, unchanged.
  public static SamplingParams plain() {
    return new SamplingParams(
        1,
        Truncation.NONE,
        Penalties.NONE,
        DryParams.NONE,
        Optional.empty(),
        TokenRules.NONE,
        Limits.NONE,
        OptionalLong.empty(),
        -1,
        List.of());
  }

  /// Returns parameters that always take the likeliest token.
  public static SamplingParams greedy() {
    return plain().withTemperature(0);
  }

  /// Returns whether candidates are truncated: neither greedy nor by mirostat.
  boolean truncates() {
    return temperature > 0 && mirostat.isEmpty();
  }

  /// Sets the temperature, 0 to 100.
  public SamplingParams withTemperature(double value) {
    return new SamplingParams(
        value, truncation, penalties, dry, mirostat, tokens, limits, seed, logProbs, samplers);
  }

  /// Sets all truncations.
  public SamplingParams with(Truncation value) {
    return new SamplingParams(
        temperature, value, penalties, dry, mirostat, tokens, limits, seed, logProbs, samplers);
  }

  /// Sets all penalties.
  public SamplingParams with(Penalties value) {
    return new SamplingParams(
        temperature, truncation, value, dry, mirostat, tokens, limits, seed, logProbs, samplers);
  }

  /// Sets the penalty on repeated sequences.
  public SamplingParams with(DryParams value) {
    return new SamplingParams(
        temperature,
        truncation,
        penalties,
        value,
        mirostat,
        tokens,
        limits,
        seed,
        logProbs,
        samplers);
  }

  /// Switches mirostat on.
  public SamplingParams with(MirostatParams value) {
    return new SamplingParams(
        temperature,
        truncation,
        penalties,
        dry,
        Optional.of(value),
        tokens,
        limits,
        seed,
        logProbs,
        samplers);
  }

  /// Sets biases and bans.
  public SamplingParams with(TokenRules value) {
    return new SamplingParams(
        temperature, truncation, penalties, dry, mirostat, value, limits, seed, logProbs, samplers);
  }

  /// Sets all limits.
  public SamplingParams with(Limits value) {
    return new SamplingParams(
        temperature, truncation, penalties, dry, mirostat, tokens, value, seed, logProbs, samplers);
  }

  /// Sets the seed: the same seed gives the same tokens.
  public SamplingParams withSeed(long value) {
    return new SamplingParams(
        temperature,
        truncation,
        penalties,
        dry,
        mirostat,
        tokens,
        limits,
        OptionalLong.of(value),
        logProbs,
        samplers);
  }

  /// Asks for log-probabilities with so many alternatives, 0 for none; -1 switches them off.
  public SamplingParams withLogProbs(int value) {
    return new SamplingParams(
        temperature, truncation, penalties, dry, mirostat, tokens, limits, seed, value, samplers);
  }

  /// Sets which samplers are applied, in this order.
  public SamplingParams withSamplers(List<String> value) {
    return new SamplingParams(
        temperature, truncation, penalties, dry, mirostat, tokens, limits, seed, logProbs, value);
  }

  /// Keeps so many of the likeliest tokens; 0 for all.
  public SamplingParams withTopK(int value) {
    Truncation t = truncation;
    return with(
        new Truncation(
            value, t.typicalP(), t.topP(), t.minP(), t.xtcProbability(), t.xtcThreshold()));
  }

  /// Keeps the likeliest tokens up to this mass; 1 for all.
  public SamplingParams withTopP(double value) {
    Truncation t = truncation;
    return with(
        new Truncation(
            t.topK(), t.typicalP(), value, t.minP(), t.xtcProbability(), t.xtcThreshold()));
  }

  /// Keeps tokens at least so many times as probable as the likeliest; 0 for all.
  public SamplingParams withMinP(double value) {
    Truncation t = truncation;
    return with(
        new Truncation(
            t.topK(), t.typicalP(), t.topP(), value, t.xtcProbability(), t.xtcThreshold()));
  }

  /// Keeps the most typical tokens up to this mass; 1 for all.
  public SamplingParams withTypicalP(double value) {
    Truncation t = truncation;
    return with(
        new Truncation(t.topK(), value, t.topP(), t.minP(), t.xtcProbability(), t.xtcThreshold()));
  }

  /// Excludes top choices above `threshold` with this probability; 0 for never.
  public SamplingParams withXtc(double probability, double threshold) {
    Truncation t = truncation;
    return with(new Truncation(t.topK(), t.typicalP(), t.topP(), t.minP(), probability, threshold));
  }

  /// Sets the repetition penalty; 1 for none.
  public SamplingParams withRepetitionPenalty(double value) {
    Penalties p = penalties;
    return with(new Penalties(value, p.frequency(), p.presence(), p.window()));
  }

  /// Sets OpenAI's frequency penalty; 0 for none.
  public SamplingParams withFrequencyPenalty(double value) {
    Penalties p = penalties;
    return with(new Penalties(p.repetition(), value, p.presence(), p.window()));
  }

  /// Sets OpenAI's presence penalty; 0 for none.
  public SamplingParams withPresencePenalty(double value) {
    Penalties p = penalties;
    return with(new Penalties(p.repetition(), p.frequency(), value, p.window()));
  }

  /// Sets over how many of the last tokens the penalties reach; -1 for all.
  public SamplingParams withPenaltyWindow(int value) {
    Penalties p = penalties;
    return with(new Penalties(p.repetition(), p.frequency(), p.presence(), value));
  }

  /// Adds these numbers to the logits of tokens.
  public SamplingParams withLogitBias(Map<Integer, Float> value) {
    return with(new TokenRules(value, tokens.banned()));
  }

  /// Rules tokens out.
  public SamplingParams withBannedTokens(Set<Integer> value) {
    return with(new TokenRules(tokens.bias(), value));
  }

  /// Generates at most so many tokens; -1 for as many as the context holds.
  public SamplingParams withMaxTokens(int value) {
    return with(new Limits(value, limits.minTokens(), limits.ignoreEos(), limits.stop()));
  }

  /// Generates at least so many tokens.
  public SamplingParams withMinTokens(int value) {
    return with(new Limits(limits.maxTokens(), value, limits.ignoreEos(), limits.stop()));
  }

  /// Never lets the model end its answer.
  public SamplingParams withIgnoreEos(boolean value) {
    return with(new Limits(limits.maxTokens(), limits.minTokens(), value, limits.stop()));
  }

  /// Ends the generation at one of these texts.
  public SamplingParams withStop(String... values) {
    Limits l = limits;
    return with(new Limits(l.maxTokens(), l.minTokens(), l.ignoreEos(), List.of(values)));
  }
}
