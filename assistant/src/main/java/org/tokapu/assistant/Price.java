package org.tokapu.assistant;

import java.math.BigDecimal;
import org.tokapu.base.TokapuException;

/// What 1,000 tokens of a model cost.
///
/// @param prompt of the prompt, cached ones included
/// @param completion of the answer
public record Price(BigDecimal prompt, BigDecimal completion) {
  private static final int PLACES = 6;
  private static final BigDecimal MOST = BigDecimal.valueOf(1_000_000);

  /// Nothing.
  public static final Price FREE = new Price(BigDecimal.ZERO, BigDecimal.ZERO);

  /// Checks that sums of it are exact: at most 6 decimal places.
  public Price {
    check(prompt);
    check(completion);
  }

  private static void check(BigDecimal price) {
    if (price.signum() < 0
        || price.compareTo(MOST) > 0
        || price.stripTrailingZeros().scale() > PLACES) {
      throw new TokapuException(
          "a price of 1,000 tokens lies between 0 and %s and has at most %d decimal places, not %s"
              .formatted(MOST.toPlainString(), PLACES, price));
    }
  }

  /// Returns the exact cost of an answer.
  public BigDecimal cost(long promptTokens, long completionTokens) {
    return prompt
        .multiply(BigDecimal.valueOf(promptTokens))
        .add(completion.multiply(BigDecimal.valueOf(completionTokens)))
        .movePointLeft(3);
  }
}
