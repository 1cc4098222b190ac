package org.tokapu.text;

import java.util.Map;
import java.util.Set;

/// The ids with a meaning of their own; -1 where a vocabulary has none.
///
/// @param addBos whether [Tokenizer#encodePrompt] puts `bos` in front
/// @param addEos whether it puts `eos` behind
/// @param endOfGeneration ids that end an answer (`eos`, end of turn, ...)
/// @param byText special tokens by their spelling
public record SpecialTokens(
    int bos,
    int eos,
    int unknown,
    int pad,
    boolean addBos,
    boolean addEos,
    Set<Integer> endOfGeneration,
    Map<String, Integer> byText) {}
