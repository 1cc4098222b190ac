package org.tokapu.engine;

import org.jspecify.annotations.Nullable;
import org.tokapu.engine.sampling.TokenBuffer;
import org.tokapu.model.KvSequence;

/// Tokens whose rows the loop computes for somebody who waits for what comes of them.
///
/// Belongs to the thread of its [EngineLoop] once it is submitted; only [#cancel] may be called
/// from any other.
abstract sealed class Sequence implements Scheduler.Work
    permits GeneratingSequence, EmbeddingSequence {
  private final String scope;
  private final TokenBuffer tokens;
  private @Nullable KvSequence kv;
  private boolean begun;
  private volatile boolean cancelled;

  Sequence(String scope, int[] prompt) {
    this.scope = scope;
    tokens = new TokenBuffer(prompt);
  }

  @Override
  public final String scope() {
    return scope;
  }

  /// Returns prompt and generated tokens.
  final TokenBuffer tokens() {
    return tokens;
  }

  @Override
  public final int pending() {
    return tokens.length() - computed();
  }

  /// Returns how many rows are computed.
  final int computed() {
    return kv == null ? 0 : kv.length();
  }

  /// Returns its keys and values; nothing while it waits.
  final @Nullable KvSequence kv() {
    return kv;
  }

  /// Takes pages, or has given them up.
  final void hold(@Nullable KvSequence pages) {
    kv = pages;
    if (pages == null) {
      restart();
    } else if (!begun) {
      begun = true;
      begin(pages.length());
    }
  }

  /// Returns whether it has ever held pages.
  final boolean begun() {
    return begun;
  }

  /// Asks to end before the next forward pass.
  final void cancel() {
    cancelled = true;
  }

  final boolean cancelled() {
    return cancelled;
  }

  /// Returns whether keys and values of its beginning may come from others and go to others.
  abstract boolean shares();

  /// Returns how many tokens of the prompt any scope may share.
  abstract int publicTokens();

  /// Is told that it begins, with `reused` tokens that need not be computed.
  abstract void begin(int reused);

  /// Is told that all its rows will be computed again.
  abstract void restart();

  /// Is told that it ends by an error.
  abstract void fail(Throwable error);
}
