package org.tokapu.engine.sampling;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.TokapuException;

/// The tokens that may still be chosen at one position, with their logits.
///
/// A candidate is one `long`: the logit in the high word, encoded so that greater logits are
/// smaller numbers, the id in the low word. Ordering the numbers orders by falling logit, then
/// rising id. Among equal logits ids always rise. Nothing is done before it is needed: as long as
/// all ids are candidates, only the likeliest are turned into such numbers, as many as a step asks
/// to see. A temperature is kept beside the logits, as it does not change their order.
///
/// The buffers are reused from position to position. Not thread-safe.
public final class Candidates {
  private final SmallestFirst select = new SmallestFirst();
  private final float[] sample = new float[SmallestFirst.SAMPLE];

  /// All ids of finite logit are candidates, and `keys` holds the likeliest of them, sorted; null
  /// once `keys` holds all candidates.
  private float @Nullable [] dense;

  private long[] keys = new long[256];
  private int size;
  private int sorted;
  private float max;
  private double temperature = 1;

  /// By id while dense, else by place in `keys`.
  private double[] weights = new double[0];

  private float[] decoded = new float[0];
  private double total;
  private boolean totalKnown;
  private boolean weightsKnown;
  private double drawnProbability;

  /// Starts without candidates.
  public Candidates() {}

  /// Makes every id of finite logit a candidate.
  ///
  /// `logits` is read until the next call and never changed; minus infinity rules an id out.
  ///
  /// @throws TokapuException if a logit is not a number or infinite, or all are minus infinity
  public void reset(float[] logits) {
    max = greatest(logits);
    dense = logits;
    size = 0;
    sorted = 0;
    temperature = 1;
    changed();
  }

  /// Returns the greatest of `logits`.
  ///
  /// @throws TokapuException if there is none, or one is not a number
  static float greatest(float[] logits) {
    float greatest = Float.NEGATIVE_INFINITY;
    for (float x : logits) {
      greatest = Math.max(greatest, x); // NaN wins over everything
    }
    if (Float.isNaN(greatest) || Float.isInfinite(greatest)) {
      throw invalid(logits);
    }
    return greatest;
  }

  private static TokapuException invalid(float[] logits) {
    for (int id = 0; id < logits.length; id++) {
      if (Float.isNaN(logits[id]) || logits[id] == Float.POSITIVE_INFINITY) {
        return new TokapuException(
            "the model produced invalid numbers: the logit of token "
                + id
                + " is "
                + logits[id]
                + "; the model file may be damaged, or its arithmetic overflows");
      }
    }
    return new TokapuException(
        "the model produced invalid numbers: every logit of "
            + logits.length
            + " is minus infinity, so no token can be chosen");
  }

  /// Returns the number of candidates.
  public int size() {
    materialize();
    return size;
  }

  /// Returns the id of the candidate at `index`; below what [#sort] returned, by falling
  /// probability.
  public int id(int index) {
    require(index);
    return (int) keys[index];
  }

  /// Returns the logit of the candidate at `index`, divided by the temperature.
  public double logit(int index) {
    require(index);
    return logit(keys[index]) / temperature;
  }

  /// Returns the probability of the candidate at `index` among the candidates.
  public double probability(int index) {
    return weight(index) / total();
  }

  /// Returns `e^(logit - greatest logit)` of the candidate at `index`: 1 for the likeliest.
  double weight(int index) {
    require(index);
    return weightsKnown && dense == null ? weights[index] : Exp.of(exponent(keys[index]));
  }

  /// Returns the sum of all weights.
  double total() {
    if (!totalKnown) {
      float[] logits = dense;
      int n = size;
      if (logits == null) {
        logits = decode();
      } else {
        n = logits.length;
      }
      if (weights.length < n) {
        weights = new double[n];
      }
      Exp.weights(logits, max, scale(), weights, n);
      total = Exp.sum(weights, n);
      totalKnown = true;
      weightsKnown = true;
    }
    return total;
  }

  /// Returns how many candidates have at least this weight.
  int countAtLeast(double weight) {
    total();
    float[] logits = dense;
    int n = logits == null ? size() : logits.length;
    int count = 0;
    for (int i = 0; i < n; i++) {
      boolean candidate = logits == null || logits[i] > Float.NEGATIVE_INFINITY;
      double w = weightsKnown ? weights[i] : weight(i);
      count += candidate && w >= weight ? 1 : 0;
    }
    return count;
  }

  /// Returns the entropy of the distribution in nats.
  double entropy() {
    double sum = 0;
    for (int i = 0, n = size(); i < n; i++) {
      sum += weight(i) * exponent(keys[i]);
    }
    return StrictMath.log(total()) - sum / total();
  }

  /// Returns the log of the probability of the candidate at `index`, given the log of the total.
  double logProbability(int index, double logTotal) {
    require(index);
    return exponent(keys[index]) - logTotal;
  }

  /// Divides the logits by `t > 0`.
  public void divide(double t) {
    temperature *= t;
    changed();
  }

  /// Sorts at least the `wanted` likeliest candidates to the front.
  ///
  /// @return how many are sorted in front
  public int sort(int wanted) {
    float[] logits = dense;
    if (logits != null) {
      if (sorted < wanted) {
        materializeTop(logits, wanted);
      }
    } else if (sorted < Math.min(wanted, size)) {
      sorted = select.sort(keys, size, wanted);
      weightsKnown = false;
    }
    return sorted;
  }

  /// Keeps the candidates whose logit is at least the k-th greatest, so maybe more than k.
  public void keepTop(int k) {
    int n = sort(k);
    int keep = Math.min(k, n);
    while (keep < n && keys[keep] >> 32 == keys[keep - 1] >> 32) {
      keep++;
    }
    keepFirst(keep);
  }

  /// Keeps the likeliest candidate, among equals the one of lowest id.
  public void keepLikeliest() {
    float[] logits = dense;
    if (logits == null) {
      keepFirst(1);
      return;
    }
    int id = 0;
    while (logits[id] != max) {
      id++;
    }
    dense = null;
    keys[0] = key(max, id);
    size = 1;
    sorted = 1;
    changed();
  }

  /// Keeps the `n >= 1` likeliest candidates.
  public void keepFirst(int n) {
    int keep = Math.min(n, sort(n));
    if (dense != null || keep < size) {
      weightsKnown &= dense == null;
      dense = null;
      size = keep;
      sorted = keep;
      totalKnown = false;
    }
  }

  /// Drops the `n` likeliest candidates; at least one must remain.
  public void dropFirst(int n) {
    materialize();
    sort(n + 1);
    System.arraycopy(keys, n, keys, 0, size - n);
    size -= n;
    sorted -= n;
    max = logit(keys[0]);
    changed();
  }

  /// Keeps the candidates at least `ratio <= 1` times as probable as the likeliest.
  public void keepRatio(double ratio) {
    double least = max + temperature * StrictMath.log(ratio);
    float[] logits = dense;
    if (logits != null) {
      materializeAtLeast(logits, least);
      dense = null;
      sorted = 0;
      changed();
      return;
    }
    int kept = 0;
    int keptSorted = 0;
    for (int i = 0; i < size; i++) {
      if (logit(keys[i]) >= least) {
        keys[kept++] = keys[i];
        keptSorted = i < sorted ? kept : keptSorted;
      }
    }
    size = kept;
    sorted = keptSorted;
    changed();
  }

  /// Keeps the candidates at the places that the low words of `places[0 .. count]` name.
  void keepPlaces(long[] places, int count) {
    materialize();
    long[] kept = new long[count];
    for (int i = 0; i < count; i++) {
      kept[i] = keys[(int) places[i]];
    }
    Arrays.sort(kept);
    System.arraycopy(kept, 0, keys, 0, count);
    size = count;
    sorted = count;
    max = logit(keys[0]);
    changed();
  }

  /// Returns the id of the candidate at which the cumulated probability exceeds `u` in `[0, 1)`.
  public int draw(double u) {
    float[] logits = dense;
    if (logits == null && size == 1) {
      drawnProbability = 1;
      return (int) keys[0];
    }
    double left = u * total();
    int n = logits == null ? size : logits.length;
    int last = 0;
    for (int i = 0; i < n; i++) {
      left -= weightsKnown ? weights[i] : weight(i);
      if (left < 0 && (logits == null || logits[i] > Float.NEGATIVE_INFINITY)) {
        last = i;
        break;
      }
      // Rounding may leave a crumb behind the last candidate.
      last = logits == null || logits[i] > Float.NEGATIVE_INFINITY ? i : last;
    }
    drawnProbability = (weightsKnown ? weights[last] : weight(last)) / total;
    return logits == null ? (int) keys[last] : last;
  }

  /// Returns the probability of the candidate that [#draw] returned.
  public double drawnProbability() {
    return drawnProbability;
  }

  /// Makes sure that the candidate at `index` has its number.
  private void require(int index) {
    if (index >= sorted) {
      materialize();
    }
  }

  /// Turns all logits into numbers, unless that was done.
  private void materialize() {
    float[] logits = dense;
    if (logits != null) {
      materializeAtLeast(logits, -Float.MAX_VALUE);
      dense = null;
      sorted = 0;
      weightsKnown = false;
    }
  }

  private void materializeAtLeast(float[] logits, double least) {
    int n = 0;
    for (int id = 0; id < logits.length; id++) {
      float x = logits[id];
      if (x >= least) {
        if (n == keys.length) {
          keys = Arrays.copyOf(keys, Math.max(n + 1, Math.min(n * 4, logits.length)));
        }
        keys[n++] = key(x, id);
      }
    }
    size = n;
  }

  /// Turns the logits above a threshold into numbers, one that at least `k` of them probably
  /// exceed, and sorts these.
  private void materializeTop(float[] logits, int k) {
    int n = logits.length;
    if (n > SmallestFirst.SMALL) {
      for (int i = 0; i < sample.length; i++) {
        sample[i] = logits[(int) ((long) i * n / sample.length)];
      }
      Arrays.sort(sample);
      int rank = SmallestFirst.likelyRank(k, n);
      for (; rank < sample.length / 2; rank *= 2) {
        float least = sample[sample.length - 1 - rank];
        materializeAtLeast(logits, Math.max(least, -Float.MAX_VALUE));
        if (size >= k) {
          Arrays.sort(keys, 0, size);
          sorted = size;
          return;
        }
      }
    }
    materialize();
    Arrays.sort(keys, 0, size);
    sorted = size;
  }

  private float[] decode() {
    if (decoded.length < size) {
      decoded = new float[keys.length];
    }
    for (int i = 0; i < size; i++) {
      decoded[i] = logit(keys[i]);
    }
    return decoded;
  }

  private void changed() {
    totalKnown = false;
    weightsKnown = false;
  }

  /// The temperature as a factor; finite, so that the likeliest has weight 1 at any temperature.
  private double scale() {
    return Math.min(1 / temperature, 1e300);
  }

  private double exponent(long key) {
    return ((double) logit(key) - max) * scale();
  }

  private static long key(float logit, int id) {
    int bits = Float.floatToRawIntBits(logit + 0f); // -0 becomes 0
    return (long) ~(bits ^ ((bits >> 31) & 0x7fffffff)) << 32 | id;
  }

  private static float logit(long key) {
    int bits = ~(int) (key >> 32);
    return Float.intBitsToFloat(bits ^ ((bits >> 31) & 0x7fffffff));
  }
}
