package org.tokapu.server.api;

import org.tokapu.engine.Timings;
import org.tokapu.engine.Usage;
import org.tokapu.server.http.ApiError;
import org.tokapu.server.http.Caller;
import org.tokapu.server.http.Exchange;

/// Lets answers through and counts what they took: where quotas and the ledger come in.
/// Thread-safe.
public interface Meter {
  /// Lets everything through.
  Meter NONE =
      new Meter() {
        @Override
        public void admit(Exchange exchange, String model) {}

        @Override
        public void charge(Caller caller, String model, Usage usage, Timings timings) {}
      };

  /// Looks at a request before it is worked on, and may set `x-ratelimit-*` headers.
  ///
  /// @throws ApiError 429 if the caller has had enough
  void admit(Exchange exchange, String model);

  /// Takes down what one answer took, also of one that was broken off.
  void charge(Caller caller, String model, Usage usage, Timings timings);
}
