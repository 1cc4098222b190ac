package org.tokapu.assistant.store;

import java.time.Duration;
import java.util.Optional;

/// The permission to run one request. Its reservation counts as used until it is settled by
/// [Quotas#settle] or an hour has passed.
///
/// @param reservation empty: nothing had to be reserved
/// @param requests what is left of the requests of a minute
/// @param tokens what is left of the tokens of a day, this request taken off
public record Admission(String reservation, Optional<Level> requests, Optional<Level> tokens) {
  /// How far a limit is used up, for the `x-ratelimit` headers.
  ///
  /// @param limit all that there is
  /// @param remaining what is left
  /// @param reset until all of it is there again
  public record Level(long limit, long remaining, Duration reset) {}
}
