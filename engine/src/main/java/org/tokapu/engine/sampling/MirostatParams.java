package org.tokapu.engine.sampling;

/// The target of [MirostatV2].
///
/// @param tau surprise of a token to aim at, in bits
/// @param eta how fast the cut follows
public record MirostatParams(double tau, double eta) {
  /// The figures that llama.cpp uses.
  public static final MirostatParams DEFAULT = new MirostatParams(5, 0.1);

  /// Checks the ranges.
  public MirostatParams {
    Range.check("mirostat_tau", tau, 0, 100);
    Range.check("mirostat_eta", eta, 0, 1);
  }
}
