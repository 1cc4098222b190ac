package org.tokapu.assistant.store;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.tokapu.assistant.Owner;

/// Requests a minute: a bucket for each owner that refills steadily.
///
/// Kept in memory, so that each server counts by itself: with N servers behind a balancer an owner
/// gets up to N times the limit. Thread-safe.
final class RequestRates {
  private static final long MINUTE = 60_000;

  private record Bucket(double left, long at) {}

  private final Map<Owner, Bucket> buckets = new HashMap<>();

  /// Takes one request.
  ///
  /// @throws QuotaExceededException if there is none left
  synchronized Admission.Level take(Owner owner, long limit, long now) {
    Bucket old = buckets.getOrDefault(owner, new Bucket((double) limit, now));
    double refill = (double) Math.max(0, now - old.at) * limit / MINUTE;
    double there = Math.min((double) limit, old.left + refill);
    if (there < 1) {
      Duration wait = Duration.ofMillis((long) Math.ceil((1 - there) * MINUTE / limit));
      throw new QuotaExceededException(
          "this key may send %d requests a minute; try again in %d ms"
              .formatted(limit, wait.toMillis()),
          wait);
    }
    double left = there - 1;
    buckets.put(owner, new Bucket(left, now));
    long reset = (long) Math.ceil((limit - left) * MINUTE / limit);
    return new Admission.Level(limit, (long) left, Duration.ofMillis(reset));
  }
}
