package org.tokapu.model.source;

import java.util.Optional;
import java.util.function.Supplier;

/// Something that is read at the first call, if it is there at all. Thread-safe.
final class Once<T> {
  private final Supplier<Optional<T>> read;
  private boolean known;
  private Optional<T> found = Optional.empty();

  Once(Supplier<Optional<T>> read) {
    this.read = read;
  }

  /// Returns it; an exception is thrown again by the next call.
  synchronized Optional<T> value() {
    if (!known) {
      found = read.get();
      known = true;
    }
    return found;
  }
}
