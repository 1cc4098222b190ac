package org.tokapu.engine;

import java.util.Optional;
import org.tokapu.base.TokapuException;
import org.tokapu.engine.sampling.LogProbs;

/// Something that happens in a generation: any number of tokens, then the end, or a failure.
///
/// The texts of all events, one after the other, are the whole answer.
public sealed interface GenerationEvent {
  /// Returns the text that has become certain with this event: never half a character, never the
  /// beginning of a stop string; often empty.
  String text();

  /// A token was generated. The end of an answer is a token too; its text is empty.
  ///
  /// @param id the token
  /// @param text what has become certain; may contain bytes of earlier tokens and lack some of this
  /// @param bytes what the token stands for; empty if the model has no tokenizer
  /// @param logProbs its log-probability and alternatives, if asked for
  record Token(int id, String text, byte[] bytes, Optional<LogProbs> logProbs)
      implements GenerationEvent {}

  /// The generation is over.
  ///
  /// @param text what had been held back
  /// @param stop the stop string that came up
  /// @param seed the seed that was used: with it the same request yields the same tokens
  record Finished(
      String text,
      FinishReason reason,
      Optional<String> stop,
      Usage usage,
      Timings timings,
      long seed)
      implements GenerationEvent {}

  /// The generation broke off; nothing follows.
  record Failed(TokapuException cause) implements GenerationEvent {
    @Override
    public String text() {
      return "";
    }
  }
}
