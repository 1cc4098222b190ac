package org.tokapu.engine.sampling;

/// What makes tokens that were already there less likely. Prompt and generated tokens count alike.
///
/// @param repetition see [RepetitionPenalty]; 1 for none
/// @param frequency taken off a logit for each occurrence; 0 for none
/// @param presence taken off a logit once; 0 for none
/// @param window how many of the last tokens count; -1 for all, 0 for none
public record Penalties(double repetition, double frequency, double presence, int window) {
  /// No penalties, over the window of 64 tokens that llama.cpp uses.
  public static final Penalties NONE = new Penalties(1, 0, 0, 64);

  /// Checks the ranges.
  public Penalties {
    Range.check("repetition_penalty", repetition, 0.01, 100);
    Range.check("frequency_penalty", frequency, -100, 100);
    Range.check("presence_penalty", presence, -100, 100);
    Range.check("penalty_window", window, -1, Integer.MAX_VALUE);
  }
}
