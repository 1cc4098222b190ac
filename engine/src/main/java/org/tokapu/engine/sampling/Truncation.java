package org.tokapu.engine.sampling;

/// What takes unlikely (or, for XTC, too likely) candidates away.
///
/// @param topK keeps so many of the likeliest; 0 keeps all
/// @param typicalP mass of the tokens nearest to the entropy that stays; 1 keeps all
/// @param topP mass of the likeliest tokens that stays; 1 keeps all
/// @param minP least probability as a part of the greatest one; 0 keeps all
/// @param xtcProbability how often the top choices are excluded; 0 for never
/// @param xtcThreshold what makes a top choice; above 0.5 nothing is excluded
public record Truncation(
    int topK,
    double typicalP,
    double topP,
    double minP,
    double xtcProbability,
    double xtcThreshold) {
  /// Keeps everything.
  public static final Truncation NONE = new Truncation(0, 1, 1, 0, 0, 0.1);

  /// What llama.cpp uses when nothing is said.
  public static final Truncation DEFAULT = new Truncation(40, 1, 0.95, 0.05, 0, 0.1);

  /// Checks the ranges.
  public Truncation {
    Range.check("top_k", topK, 0, Integer.MAX_VALUE);
    Range.check("typical_p", typicalP, 0, 1);
    Range.check("top_p", topP, 0, 1);
    Range.check("min_p", minP, 0, 1);
    Range.check("xtc_probability", xtcProbability, 0, 1);
    Range.check("xtc_threshold", xtcThreshold, 0, 1);
  }
}
