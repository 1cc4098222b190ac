package org.tokapu.assistant;

import java.math.BigDecimal;
import java.util.Optional;
import org.tokapu.base.TokapuException;

/// How much an owner may ask for.
///
/// @param requestsPerMinute nothing: any number
/// @param tokensPerDay prompt and answers together, a day of UTC; nothing: any number
/// @param moneyPerDay in the currency of the prices; nothing: any amount
public record Quota(
    Optional<Long> requestsPerMinute,
    Optional<Long> tokensPerDay,
    Optional<BigDecimal> moneyPerDay) {
  /// As much as one likes.
  public static final Quota NONE = new Quota(Optional.empty(), Optional.empty(), Optional.empty());

  /// Checks that a limit lets something through.
  public Quota {
    requestsPerMinute.ifPresent(Quota::check);
    tokensPerDay.ifPresent(Quota::check);
    moneyPerDay.ifPresent(money -> {
      if (money.signum() <= 0 || money.compareTo(BigDecimal.valueOf(9_000_000_000L)) > 0) {
        throw new TokapuException(
            "a limit of money lies above 0 and below 9 billion, not " + money);
      }
    });
  }

  private static void check(long limit) {
    if (limit < 1) {
      throw new TokapuException("a limit is at least 1, not " + limit + "; revoke the key instead");
    }
  }
}
