package org.tokapu.engine;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.tokapu.engine.sampling.TokenBuffer;
import org.tokapu.model.KvSequence;

/// The keys and values of a sequence, from which the next generation takes over as much as it
/// shares: the turns of a conversation are read once.
///
/// What is shared is found by equal ids, never by equal text: an answer need not tokenize to the
/// ids that were generated. For one generation at a time; a new one ends the one before. Belongs to
/// its model and ends with it. Not thread-safe.
public final class PromptCache implements AutoCloseable {
  private final LanguageModel model;
  private final KvSequence sequence;
  private TokenBuffer ids = new TokenBuffer();
  private @Nullable Generation user;

  PromptCache(LanguageModel model) {
    this.model = model;
    sequence = model.inTurn(() -> model.inference().pool().open());
  }

  /// Hands over to another generation; keeps what `prompt` shares with the sequence, at most all of
  /// it but one token, whose logits are needed.
  ///
  /// @return how many tokens that are
  int begin(Generation generation, int[] prompt) {
    user = generation;
    int most = Math.min(prompt.length - 1, sequence.length());
    int mismatch = Arrays.mismatch(prompt, 0, most, ids.slice(0, most), 0, most);
    int same = mismatch < 0 ? most : mismatch;
    model.inTurn(() -> {
      sequence.truncate(same);
      return same;
    });
    ids = new TokenBuffer(prompt);
    return same;
  }

  /// Returns whether this generation may still go on.
  boolean belongsTo(Generation generation) {
    return user == generation;
  }

  /// Returns prompt and generated tokens; the first [KvSequence#length] of them are cached.
  TokenBuffer ids() {
    return ids;
  }

  KvSequence sequence() {
    return sequence;
  }

  /// Ends the generation that uses it and gives the memory back. Harmless if repeated.
  @Override
  public void close() {
    user = null;
    model.release(sequence);
  }
}
