package org.tokapu.bench.soak;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/// Counts what happened, and the gaps between the chunks of streams. Thread-safe.
final class Tally {
  private static final int KEPT_PROBLEMS = 20;

  /// Buckets of a tenth of a doubling, from a microsecond up.
  private static final int PER_DOUBLING = 10;

  private final Map<String, LongAdder> counts = new ConcurrentSkipListMap<>();
  private final List<String> problems = new CopyOnWriteArrayList<>();
  private final AtomicLongArray gaps = new AtomicLongArray(40 * PER_DOUBLING);

  /// Counts something that may happen.
  void count(String what) {
    counts.computeIfAbsent(what, key -> new LongAdder()).increment();
  }

  /// Counts something that may not happen.
  void problem(String what) {
    count("PROBLEMS");
    if (problems.size() < KEPT_PROBLEMS) {
      problems.add(what);
    }
  }

  /// Counts the time between two chunks of one stream.
  void gap(long nanos) {
    double doublings = Math.log(Math.max(1, nanos / 1e3)) / Math.log(2);
    gaps.incrementAndGet((int) Math.min(gaps.length() - 1, doublings * PER_DOUBLING));
  }

  /// Returns the gap that a share of all gaps stays below, in milliseconds, to 7 %.
  double gapMillis(double share) {
    long all = 0;
    for (int i = 0; i < gaps.length(); i++) {
      all += gaps.get(i);
    }
    long seen = 0;
    for (int i = 0; i < gaps.length(); i++) {
      seen += gaps.get(i);
      if (all > 0 && seen >= share * all) {
        return Math.pow(2, (i + 1.0) / PER_DOUBLING) * 1e-3;
      }
    }
    return 0;
  }

  /// Returns the first problems.
  List<String> problems() {
    return problems;
  }

  @Override
  public String toString() {
    return counts + ", gap p50 %.1f ms, p99 %.1f ms".formatted(gapMillis(0.5), gapMillis(0.99));
  }
}
