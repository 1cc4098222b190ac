package org.tokapu.engine;

import java.time.Duration;

/// How long a generation computed; time in which nobody asked for the next event does not count.
///
/// @param prompt until the first token was chosen
/// @param generation from there to the last token
public record Timings(Duration prompt, Duration generation) {
  /// Returns prompt tokens per second; 0 if that was too short to tell.
  public double promptPerSecond(Usage usage) {
    return rate(usage.promptTokens() - usage.cachedTokens(), prompt);
  }

  /// Returns generated tokens per second, the first one left out, since the prompt's time includes
  /// it; 0 if there was but one.
  public double generationPerSecond(Usage usage) {
    return rate(usage.completionTokens() - 1, generation);
  }

  private static double rate(int tokens, Duration time) {
    double seconds = time.toNanos() * 1e-9;
    return tokens <= 0 || seconds <= 0 ? 0 : tokens / seconds;
  }
}
