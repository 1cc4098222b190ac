package org.tokapu.text.chat.jinja;

import java.time.Clock;

/// The state of one rendering. Not thread-safe.
///
/// @param budget what it may still use
/// @param clock the time that `strftime_now` shows
record Render(Budget budget, Clock clock) {
  Text text() {
    return new Text(budget);
  }

  Str str(Value value) {
    return Repr.str(value, budget);
  }

  /// Calls a value.
  Value call(Value callee, Arguments arguments) {
    budget.step();
    return switch (callee) {
      case Thing thing -> thing.call(this, arguments);
      case Undefined u -> throw u.failure();
      case Value v -> throw new Failure("'" + v.type() + "' object is not callable");
    };
  }
}
