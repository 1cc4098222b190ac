package org.tokapu.engine;

import java.util.List;
import org.tokapu.base.TokapuException;
import org.tokapu.engine.sampling.LogitsProcessor;
import org.tokapu.engine.sampling.SamplingParams;

/// What is to be generated, and for whom. Immutable; every `with` returns a changed copy.
///
/// @param prompt the ids, taken as they are; not to be changed
/// @param params how tokens are chosen, and when it ends
/// @param processors further constraints, applied after the built-in ones on a thread of the model;
///   each is used by this generation alone unless it is thread-safe, and none may block
/// @param scope whose it is: scopes take turns, and never share what they have cached
/// @param publicTokens how many ids of the prompt, from the first, are no secret: whole pages of
///   them are shared with every scope (a system message that all have in common). Whoever asks for
///   the same ids can tell by the time that somebody has asked for them before
/// @param continues whether the text goes on where the prompt ends: then a space in front of its
///   first word, and the rest of a character that the prompt begins, belong to it; else it is a
///   text of its own, as an answer is
public record GenerationRequest(
    int[] prompt,
    SamplingParams params,
    List<LogitsProcessor> processors,
    String scope,
    int publicTokens,
    boolean continues) {
  /// Keeps a copy of the list and checks the range.
  public GenerationRequest {
    processors = List.copyOf(processors);
    if (publicTokens < 0 || publicTokens > prompt.length) {
      throw new TokapuException(
          "publicTokens must lie in 0..%d, is %d".formatted(prompt.length, publicTokens));
    }
  }

  /// Returns a request that continues `prompt`, of the scope `""`, with nothing public.
  public static GenerationRequest of(int[] prompt, SamplingParams params) {
    return new GenerationRequest(prompt, params, List.of(), "", 0, true);
  }

  /// Adds constraints.
  public GenerationRequest withProcessors(List<LogitsProcessor> value) {
    return new GenerationRequest(prompt, params, value, scope, publicTokens, continues);
  }

  /// Says whose it is.
  public GenerationRequest withScope(String value) {
    return new GenerationRequest(prompt, params, processors, value, publicTokens, continues);
  }

  /// Says how many ids of the prompt are no secret.
  public GenerationRequest withPublicTokens(int value) {
    return new GenerationRequest(prompt, params, processors, scope, value, continues);
  }

  /// Says whether the text goes on where the prompt ends, or is an answer.
  public GenerationRequest withContinues(boolean value) {
    return new GenerationRequest(prompt, params, processors, scope, publicTokens, value);
  }

  @Override
  public String toString() {
    return "GenerationRequest[%d tokens, scope \"%s\"]".formatted(prompt.length, scope);
  }
}
