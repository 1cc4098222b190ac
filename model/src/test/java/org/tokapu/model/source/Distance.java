package org.tokapu.model.source;

/// How far two rows of logits are from each other.
final class Distance {
  private Distance() {}

  /// Returns the mean over rows of `KL(p || q)` between the softmaxes, in nats.
  static double kl(float[] p, float[] q, int vocabulary) {
    double sum = 0;
    for (int at = 0; at < p.length; at += vocabulary) {
      double zp = logSum(p, at, vocabulary);
      double zq = logSum(q, at, vocabulary);
      for (int i = at; i < at + vocabulary; i++) {
        double logP = p[i] - zp;
        sum += Math.exp(logP) * (logP - (q[i] - zq));
      }
    }
    return sum / (p.length / vocabulary);
  }

  private static double logSum(float[] x, int at, int count) {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = at; i < at + count; i++) {
      max = Math.max(max, x[i]);
    }
    double sum = 0;
    for (int i = at; i < at + count; i++) {
      sum += Math.exp(x[i] - max);
    }
    return max + Math.log(sum);
  }

  /// Returns the largest absolute difference.
  static float max(float[] a, float[] b) {
    if (a.length != b.length) {
      throw new IllegalArgumentException(a.length + " numbers against " + b.length);
    }
    float worst = 0;
    for (int i = 0; i < a.length; i++) {
      float d = Math.abs(a[i] - b[i]);
      worst = d <= worst ? worst : d; // NaN wins
    }
    return worst;
  }

  /// Returns the log-probability of `token` in the row that begins at `at`.
  static double logProbability(float[] logits, int at, int vocabulary, int token) {
    return logits[at + token] - logSum(logits, at, vocabulary);
  }
}
