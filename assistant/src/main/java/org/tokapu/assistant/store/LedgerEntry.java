package org.tokapu.assistant.store;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;

/// What an answer took.
///
/// @param session the session; empty: none, or one that was deleted
/// @param message the number of the answer in the session; 0: none
/// @param model what the model is called
/// @param at when the answer ended
/// @param promptTokens length of the prompt
/// @param cachedTokens how many of these did not have to be computed
/// @param completionTokens how many were generated
/// @param elapsed how long the model worked for it
/// @param cpu processor time: that, by every thread that computed
/// @param currency of both amounts, `KRW` or `USD`
/// @param cost what the answer costs its owner
/// @param localCost what the processor time cost the operator
public record LedgerEntry(
    String session,
    long message,
    String model,
    Instant at,
    long promptTokens,
    long cachedTokens,
    long completionTokens,
    Duration elapsed,
    Duration cpu,
    String currency,
    BigDecimal cost,
    BigDecimal localCost) {
  /// Returns the same for another message.
  LedgerEntry forMessage(String newSession, long newMessage) {
    return new LedgerEntry(
        newSession,
        newMessage,
        model,
        at,
        promptTokens,
        cachedTokens,
        completionTokens,
        elapsed,
        cpu,
        currency,
        cost,
        localCost);
  }
}
