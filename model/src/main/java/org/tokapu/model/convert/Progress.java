package org.tokapu.model.convert;

/// Told how far a conversion is. Called on the converting thread.
@FunctionalInterface
public interface Progress {
  /// Does nothing.
  Progress NONE = (done, total, what) -> {};

  /// Reports `done` of `total` weights; `what` is the parameter at hand.
  void at(long done, long total, String what);
}
