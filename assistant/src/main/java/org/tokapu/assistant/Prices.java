package org.tokapu.assistant;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Map;
import org.tokapu.base.TokapuException;

/// What tokens cost: by model for those who ask, by processor time for who runs the model.
///
/// @param currency `KRW` or `USD`, of all amounts
/// @param models prices by the names of models
/// @param others the price of models that have none of their own
/// @param hour what an hour of one processor core costs
public record Prices(String currency, Map<String, Price> models, Price others, BigDecimal hour) {
  /// Everything is free.
  public static final Prices FREE = new Prices("USD", Map.of(), Price.FREE, BigDecimal.ZERO);

  /// What 1,000 tokens of a hosted model cost in US dollars when this was written: a yardstick.
  public static final BigDecimal HOSTED_USD = new BigDecimal("0.002");

  private static final int PLACES = 9;

  /// Checks currency and price.
  public Prices {
    if (!currency.equals("KRW") && !currency.equals("USD")) {
      throw new TokapuException("prices are in KRW or USD, not in " + currency);
    }
    if (hour.signum() < 0) {
      throw new TokapuException("an hour cannot cost " + hour);
    }
    models = Map.copyOf(models);
  }

  /// Returns the price of a model.
  public Price of(String model) {
    return models.getOrDefault(model, others);
  }

  /// Returns the exact cost of an answer.
  public BigDecimal cost(String model, long promptTokens, long completionTokens) {
    return of(model).cost(promptTokens, completionTokens);
  }

  /// Returns what processor time cost, rounded to billionths.
  public BigDecimal localCost(Duration cpu) {
    return hour.multiply(BigDecimal.valueOf(cpu.toNanos()))
        .divide(BigDecimal.valueOf(Duration.ofHours(1).toNanos()), PLACES, RoundingMode.HALF_UP);
  }

  /// Returns what a hosted model would have asked for so many tokens, in US dollars.
  public static BigDecimal hostedUsd(long tokens) {
    return HOSTED_USD.multiply(BigDecimal.valueOf(tokens)).movePointLeft(3);
  }
}
