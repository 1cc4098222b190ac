package org.tokapu.engine;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.OutOfCapacityException;
import org.tokapu.engine.sampling.LogitsProcessor;
import org.tokapu.engine.sampling.SamplerChain;
import org.tokapu.engine.sampling.SamplingParams;
import org.tokapu.model.KvSequence;

/// Generations one after the other that keep the keys and values of a common beginning.
///
/// A prompt that begins with the same ids as what this conversation last computed, prompt or
/// answer, costs only the rest. Equal ids decide, never equal text: an answer need not tokenize to
/// the ids that were generated. The tokens are the same as without reuse. One generation at a time:
/// a new one ends the one before. Not thread-safe, but for [Generation#cancel].
public final class Conversation implements AutoCloseable {
  private final Model model;
  private final KvSequence sequence;
  private int[] computed = new int[64]; // the ids whose keys and values `sequence` holds
  private @Nullable Generation last;

  Conversation(Model model) {
    this.model = model;
    this.sequence = model.openSequence();
  }

  /// Continues a prompt; computation begins with the first event that is asked for.
  ///
  /// @throws OutOfCapacityException if the prompt leaves no room in the context
  public Generation generate(Prompt prompt, SamplingParams params) {
    return generate(prompt, params, List.of());
  }

  /// Continues a prompt under more constraints, applied after the built-in processors.
  public Generation generate(Prompt prompt, SamplingParams params, List<LogitsProcessor> more) {
    return generate(prompt, params, more, false);
  }

  /// @param once whether the end of the generation also ends this conversation
  Generation generate(
      Prompt prompt, SamplingParams params, List<LogitsProcessor> more, boolean once) {
    if (last != null) {
      last.close();
    }
    int[] ids = prompt.encode(model);
    if (ids.length >= model.context()) {
      throw new OutOfCapacityException(
          ("the prompt has %d tokens, and an answer needs at least one more, but the context holds"
                  + " %d; shorten the prompt, or open the model with a larger context (--ctx)")
              .formatted(ids.length, model.context()));
    }
    SamplerChain chain = SamplerChain.of(params, model.sampling(), more);
    int reused = Math.min(commonPrefix(ids), ids.length - 1); // the last one gives the logits
    model.truncate(sequence, reused);
    Generation generation = new Generation(model, this, ids, params, chain, once);
    last = generation;
    return generation;
  }

  /// Returns how many tokens have keys and values here.
  public int cachedTokens() {
    return sequence.length();
  }

  /// Runs tokens that continue the conversation; see [Model#forward].
  void forward(int[] ids, float[] logits) {
    int before = sequence.length();
    model.forward(sequence, ids, logits);
    if (computed.length < before + ids.length) {
      computed = Arrays.copyOf(computed, Math.max(before + ids.length, computed.length * 2));
    }
    System.arraycopy(ids, 0, computed, before, ids.length);
  }

  private int commonPrefix(int[] ids) {
    int mismatch = Arrays.mismatch(ids, 0, ids.length, computed, 0, sequence.length());
    return mismatch < 0 ? ids.length : mismatch;
  }

  /// Ends the present generation and gives the memory back. Harmless if repeated.
  @Override
  public void close() {
    if (last != null) {
      last.cancel();
    }
    model.release(sequence);
  }
}
