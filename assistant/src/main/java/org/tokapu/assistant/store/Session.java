package org.tokapu.assistant.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.tokapu.assistant.window.Strategy;

/// A conversation of an owner.
///
/// @param id unique among the owner's; a client may choose it
/// @param title what a list shows; empty until somebody names it
/// @param head the number of the last message of the branch that is open; 0: there is none
/// @param messages how many messages all branches have together
/// @param settings how it is continued
/// @param temporary whether it is left out of lists and searches
/// @param created when it began
/// @param used when something was last added
/// @param expires when it goes, unless it is used again
public record Session(
    String id,
    String title,
    long head,
    long messages,
    Settings settings,
    boolean temporary,
    Instant created,
    Instant used,
    Optional<Instant> expires) {
  /// How a session is continued and how long it is kept.
  ///
  /// @param strategy what happens when it outgrows the context
  /// @param retention how long it is kept after its last use; nothing: until it is deleted
  public record Settings(Strategy strategy, Optional<Duration> retention) {
    /// The oldest turns leave first, and it is kept.
    public static final Settings DEFAULT = new Settings(Strategy.TRUNCATE, Optional.empty());
  }
}
