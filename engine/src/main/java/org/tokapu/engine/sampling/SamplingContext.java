package org.tokapu.engine.sampling;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.TokapuException;
import org.tokapu.text.Tokenizer;

/// What steps must know of a vocabulary. Thread-safe; one per model.
public final class SamplingContext {
  private final int vocabularySize;
  private final Set<Integer> endOfGeneration;
  private final Optional<Tokenizer> tokenizer;
  private volatile @Nullable Breakers lastBreakers;

  private record Breakers(List<String> texts, SequenceBreakers breakers) {}

  /// @param vocabularySize the number of logits; at least the tokenizer's
  /// @param endOfGeneration ids that end an answer
  /// @param tokenizer if the model has one; without it there are no sequence breakers
  public SamplingContext(
      int vocabularySize, Set<Integer> endOfGeneration, Optional<Tokenizer> tokenizer) {
    this.vocabularySize = vocabularySize;
    this.endOfGeneration = Set.copyOf(endOfGeneration);
    this.tokenizer = tokenizer;
  }

  /// Returns the number of logits.
  public int vocabularySize() {
    return vocabularySize;
  }

  /// Returns the ids that end an answer.
  public Set<Integer> endOfGeneration() {
    return endOfGeneration;
  }

  /// Returns how `texts` may be spelled in tokens. Remembers the last answer, since finding it
  /// looks at the whole vocabulary.
  SequenceBreakers breakers(List<String> texts) {
    Breakers last = lastBreakers;
    if (last == null || !last.texts.equals(texts)) {
      SequenceBreakers found =
          tokenizer.map(t -> SequenceBreakers.of(t, texts)).orElse(SequenceBreakers.NONE);
      last = new Breakers(List.copyOf(texts), found);
      lastBreakers = last;
    }
    return last.breakers;
  }

  /// Checks that an id exists.
  void requireToken(String parameter, int id) {
    if (id < 0 || id >= vocabularySize) {
      throw new TokapuException(
          parameter
              + ": the vocabulary has the tokens 0 to "
              + (vocabularySize - 1)
              + ", not "
              + id);
    }
  }
}
