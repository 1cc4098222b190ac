package org.tokapu.engine;

import java.time.Duration;

/// How long a generation took; what ran beside it counts, waiting to begin does not.
///
/// @param prompt from its beginning until the first token was chosen
/// @param generation from there to the last token
public record Timings(Duration prompt, Duration generation) {
  /// Returns how many prompt tokens were read in a second; 0 if that was too short to tell.
  public double promptPerSecond(Usage usage) {
    return rate(usage.promptTokens() - usage.cachedTokens(), prompt);
  }

  /// Returns how many tokens were generated in a second, the first one left out, since the prompt's
  /// time includes it; 0 if there was but one.
  public double generationPerSecond(Usage usage) {
    return rate(usage.completionTokens() - 1, generation);
  }

  private static double rate(int tokens, Duration time) {
    double seconds = time.toNanos() * 1e-9;
    return tokens <= 0 || seconds <= 0 ? 0 : tokens / seconds;
  }
}
