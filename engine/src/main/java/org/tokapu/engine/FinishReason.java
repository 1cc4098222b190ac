package org.tokapu.engine;

/// Why a generation ended.
public enum FinishReason {
  /// The model ended its answer, or a stop string came up.
  STOP,
  /// As many tokens as asked for, or as the context holds, have been generated.
  LENGTH,
  /// Somebody cancelled it.
  CANCELLED
}
