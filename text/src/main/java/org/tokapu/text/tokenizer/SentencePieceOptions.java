package org.tokapu.text.tokenizer;

import java.util.Set;

/// What a SentencePiece model does not say itself, and how its surroundings use it.
///
/// @param addBos whether [Tokenizer#encodePrompt] puts `bos` in front
/// @param addEos whether it puts `eos` behind
/// @param splitting what a special token does to the text around it
/// @param endOfGeneration ids that end an answer; `eos` is one without saying
/// @param trimAfter special tokens that swallow the white space behind them when recognised
public record SentencePieceOptions(
    boolean addBos,
    boolean addEos,
    Splitting splitting,
    Set<Integer> endOfGeneration,
    Set<Integer> trimAfter) {

  /// What tokens in a text do to the plain text around them.
  public enum Splitting {
    /// As SentencePiece: user-defined symbols are a part of the text; each stretch between
    /// recognised special tokens is a text of its own, with its own dummy prefix.
    REFERENCE,
    /// As llama.cpp and Hugging Face's `legacy` LLaMA: user-defined symbols split the text too, and
    /// each stretch gets a dummy prefix.
    EACH,
    /// As Hugging Face's `prepend_scheme: first`: user-defined symbols split the text, and only a
    /// stretch at the very start of the text gets a dummy prefix.
    FIRST
  }

  /// Copies the sets.
  public SentencePieceOptions {
    endOfGeneration = Set.copyOf(endOfGeneration);
    trimAfter = Set.copyOf(trimAfter);
  }

  /// What is usual for the kind of model: BPE models (LLaMA) begin with `bos`, Unigram models (T5)
  /// end with `eos`.
  public static SentencePieceOptions usual(SentencePieceModel model) {
    boolean unigram = model.algorithm() == SentencePieceModel.Algorithm.UNIGRAM;
    return new SentencePieceOptions(
        !unigram && model.ids().bos() >= 0,
        unigram && model.ids().eos() >= 0,
        Splitting.REFERENCE,
        Set.of(),
        Set.of());
  }

  /// Returns these options with other tokens around a prompt.
  public SentencePieceOptions adding(boolean bos, boolean eos) {
    return new SentencePieceOptions(bos, eos, splitting, endOfGeneration, trimAfter);
  }

  /// Returns these options with another way of splitting.
  public SentencePieceOptions splitting(Splitting how) {
    return new SentencePieceOptions(addBos, addEos, how, endOfGeneration, trimAfter);
  }

  /// Returns these options with other ends of an answer.
  public SentencePieceOptions endingWith(Set<Integer> ids) {
    return new SentencePieceOptions(addBos, addEos, splitting, ids, trimAfter);
  }

  /// Returns these options with other special tokens that swallow white space behind them.
  public SentencePieceOptions trimmingAfter(Set<Integer> ids) {
    return new SentencePieceOptions(addBos, addEos, splitting, endOfGeneration, ids);
  }
}
