package org.tokapu.engine.sampling;

import java.util.ArrayList;
import java.util.List;

/// The log-probability of a token and of the likeliest alternatives, in nats, by the model's own
/// distribution: before penalties, truncation and temperature.
///
/// Computed as `x - max - ln(sum of e^(x - max))` in double, which neither overflows nor loses
/// small probabilities. A token of logit minus infinity has log-probability minus infinity.
///
/// @param id the token
/// @param logProb its log-probability
/// @param top the likeliest tokens by falling probability, equal ones by rising id; the token may
///   be among them
public record LogProbs(int id, double logProb, List<TokenLogProb> top) {
  /// A token and its log-probability.
  public record TokenLogProb(int id, double logProb) {}

  /// Keeps a copy of `top`.
  public LogProbs {
    top = List.copyOf(top);
  }

  /// Computes the log-probability of `id` and of the `alternatives` likeliest tokens.
  ///
  /// @param logits `[vocabulary]` as the model gave them
  /// @throws org.tokapu.base.TokapuException if a logit is not a number
  public static LogProbs of(float[] logits, int id, int alternatives) {
    double max = Candidates.greatest(logits);
    double logSum = StrictMath.log(Exp.sumOfWeights(logits, max));
    List<TokenLogProb> top = new ArrayList<>();
    if (alternatives > 0) {
      Candidates candidates = new Candidates();
      candidates.reset(logits);
      candidates.keepTop(alternatives);
      int n = Math.min(alternatives, candidates.size());
      for (int i = 0; i < n; i++) {
        top.add(new TokenLogProb(candidates.id(i), candidates.logit(i) - max - logSum));
      }
    }
    return new LogProbs(id, logits[id] - max - logSum, top);
  }

  /// Returns the log-probability of `id`.
  ///
  /// @param logits `[vocabulary]` as the model gave them
  /// @throws org.tokapu.base.TokapuException if a logit is not a number
  public static double of(float[] logits, int id) {
    double max = Candidates.greatest(logits);
    return logits[id] - max - StrictMath.log(Exp.sumOfWeights(logits, max));
  }
}
