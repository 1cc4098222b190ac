package org.tokapu.engine.sampling;

import java.util.Arrays;
import java.util.Optional;

/// Don't Repeat Yourself: if the end of the text already occurred earlier, the token that followed
/// it there becomes less likely, the more the longer the repetition (by p-e-w,
/// github.com/oobabooga/text-generation-webui/pull/5677).
///
/// The lengths of all earlier occurrences of the end come from the Z algorithm on the reversed
/// history, in time linear in the window; a repetition reaches back to the last breaker at most.
final class Dry implements LogitsProcessor {
  private final DryParams params;
  private final SequenceBreakers breakers;
  private final SequenceBreakers.Tracker breaks;
  private int[] reversed = new int[0];
  private int[] z = new int[0];
  private long[] repeats = new long[0];

  Dry(DryParams params, SequenceBreakers breakers) {
    this.params = params;
    this.breakers = breakers;
    this.breaks = breakers.track();
  }

  static Optional<SamplingStep> of(SamplingParams params, SamplingContext context) {
    DryParams dry = params.dry();
    return dry.multiplier() > 0 && dry.window() != 0
        ? Optional.of(new Dry(dry, context.breakers(dry.breakers())))
        : Optional.empty();
  }

  @Override
  public void apply(float[] logits, TokenHistory history) {
    int n = history.length();
    if (params.window() >= 0) {
      n = Math.min(n, params.window());
    }
    int reach = Math.min(n, breaks.tokensSinceBreak(history));
    if (n <= params.allowedLength() || reach < params.allowedLength()) {
      return;
    }
    reverse(history, n);
    zValues(n);
    int found = 0;
    for (int k = 1; k < n; k++) {
      int length = Math.min(z[k], reach);
      if (length >= params.allowedLength()) {
        repeats[found++] = (long) reversed[k - 1] << 32 | length;
      }
    }
    Arrays.sort(repeats, 0, found);
    for (int i = 0; i < found; i++) {
      boolean longest = i + 1 == found || repeats[i] >> 32 != repeats[i + 1] >> 32;
      int id = (int) (repeats[i] >> 32);
      if (longest && !breakers.breaksAlone(id)) {
        logits[id] -= penalty((int) repeats[i]);
      }
    }
  }

  private float penalty(int length) {
    double power = StrictMath.pow(params.base(), length - params.allowedLength());
    // Stays so far below the greatest float that a logit cannot become infinite.
    return (float) Math.min(params.multiplier() * power, 1e38);
  }

  private void reverse(TokenHistory history, int n) {
    if (reversed.length < n) {
      int room = n + (n >> 1) + 64;
      reversed = new int[room];
      z = new int[room];
      repeats = new long[room];
    }
    int last = history.length() - 1;
    for (int i = 0; i < n; i++) {
      reversed[i] = history.token(last - i);
    }
  }

  /// Sets `z[k]` to the length of the longest common prefix of the reversed history and its rest
  /// from k on.
  private void zValues(int n) {
    int left = 0;
    int right = 0; // reversed[left .. right] equals a prefix, and right is the greatest so far
    for (int k = 1; k < n; k++) {
      int length = k < right ? Math.min(right - k, z[k - left]) : 0;
      while (k + length < n && reversed[length] == reversed[k + length]) {
        length++;
      }
      z[k] = length;
      if (k + length > right) {
        left = k;
        right = k + length;
      }
    }
  }
}
