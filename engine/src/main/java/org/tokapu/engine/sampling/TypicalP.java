package org.tokapu.engine.sampling;

import java.util.Optional;

/// Locally typical sampling: keeps the tokens whose surprise `-ln p` is nearest to the entropy, up
/// to a mass (Meister and others, Locally Typical Sampling, 2022).
///
/// Distances are compared in float32; equal ones go by rising id.
final class TypicalP implements Sampler {
  private final double mass;
  private final SmallestFirst select = new SmallestFirst();
  private long[] places = new long[0];

  TypicalP(double mass) {
    this.mass = mass;
  }

  static Optional<SamplingStep> of(SamplingParams params, SamplingContext context) {
    double mass = params.truncation().typicalP();
    return params.truncates() && mass < 1 ? Optional.of(new TypicalP(mass)) : Optional.empty();
  }

  @Override
  public void apply(Candidates candidates, CounterRandom random) {
    int size = candidates.size();
    double total = candidates.total();
    double logTotal = StrictMath.log(total);
    double entropy = candidates.entropy();
    if (places.length < size) {
      places = new long[size];
    }
    for (int i = 0; i < size; i++) {
      float distance = (float) Math.abs(candidates.logProbability(i, logTotal) + entropy);
      // The bits of a float that is not negative rise with it.
      places[i] = (long) Float.floatToRawIntBits(distance) << 32 | i;
    }
    int kept = 0;
    double before = 0;
    for (int wanted = 64; kept < size; wanted *= 8) {
      int sorted = select.sort(places, size, wanted);
      for (; kept < sorted; kept++) {
        if (kept > 0 && before >= mass * total) {
          candidates.keepPlaces(places, kept);
          return;
        }
        before += candidates.weight((int) places[kept]);
      }
    }
  }
}
