package org.tokapu.engine;

import java.util.Arrays;
import org.tokapu.engine.sampling.TokenBuffer;
import org.tokapu.model.Inference;
import org.tokapu.model.KvSequence;

/// The keys and values of a sequence, from which the next generation takes over as much as it
/// shares: the turns of a conversation are read once.
///
/// What is shared is found by equal ids, never by equal text. For one generation at a time; belongs
/// to its model and ends with it.
public final class PromptCache implements AutoCloseable {
  private final Inference inference;
  private final KvSequence sequence;
  private TokenBuffer ids = new TokenBuffer();

  /// @param inference whose pool it takes pages from, and whose lock it takes to do so
  PromptCache(Inference inference) {
    this.inference = inference;
    sequence = inference.pool().open();
  }

  /// Keeps what `prompt` shares with the sequence, at most all of it but one token, whose logits
  /// are needed; returns how many tokens that are.
  int rewindTo(int[] prompt) {
    int most = Math.min(prompt.length - 1, sequence.length());
    int mismatch = Arrays.mismatch(prompt, 0, most, ids.slice(0, most), 0, most);
    int same = mismatch < 0 ? most : mismatch;
    synchronized (inference) {
      sequence.truncate(same);
    }
    ids = new TokenBuffer(prompt);
    return same;
  }

  /// Returns prompt and generated tokens; the first [KvSequence#length] of them are cached.
  TokenBuffer ids() {
    return ids;
  }

  KvSequence sequence() {
    return sequence;
  }

  @Override
  public void close() {
    synchronized (inference) {
      sequence.close();
    }
  }
}
