package org.tokapu.engine.sampling;

import java.util.Optional;

/// Mirostat 2.0: keeps the surprise of the text near `tau` bits a token (Basu and others, Mirostat,
/// 2020).
///
/// Tokens more surprising than `mu` bits are cut off, one always stays; after a token of surprise S
/// among the survivors, `mu` falls by `eta * (S - tau)`. It starts at `2 * tau`.
final class MirostatV2 implements Sampler {
  private static final double LN2 = StrictMath.log(2);

  private final double tau;
  private final double eta;
  private double mu;

  MirostatV2(double tau, double eta) {
    this.tau = tau;
    this.eta = eta;
    this.mu = 2 * tau;
  }

  static Optional<SamplingStep> of(SamplingParams params, SamplingContext context) {
    return params.temperature() > 0
        ? params.mirostat().map(m -> new MirostatV2(m.tau(), m.eta()))
        : Optional.empty();
  }

  @Override
  public void apply(Candidates candidates, CounterRandom random) {
    double ratio = candidates.total() * Exp.of(-mu * LN2);
    if (ratio > 1) {
      candidates.keepLikeliest();
    } else if (ratio > 0) {
      candidates.keepRatio(ratio);
    }
  }

  @Override
  public void drawn(int id, double probability) {
    double surprise = -StrictMath.log(probability) / LN2;
    mu -= eta * (surprise - tau);
  }
}
