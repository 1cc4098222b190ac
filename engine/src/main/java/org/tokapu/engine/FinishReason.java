package org.tokapu.engine;

/// Why a generation ended.
public enum FinishReason {
  /// The model ended its answer, or a stop string was met.
  STOP,
  /// The limit of tokens, or the end of the context.
  LENGTH,
  /// [Generation#cancel] was called.
  CANCELLED,
  /// An exception was thrown.
  FAILED
}
