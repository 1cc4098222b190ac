package org.tokapu.engine;

/// What the loop of a model does and has done, as of its last step.
///
/// @param running sequences that hold memory
/// @param waiting sequences that wait to begin, or to begin again
/// @param pages pages of keys and values that there may be
/// @param usedPages pages that running sequences hold
/// @param cachedPages pages that are kept for prompts to come, and given up when they are needed
/// @param promptTokens prompt tokens that were computed, again after a preemption
/// @param reusedTokens prompt tokens that did not have to be
/// @param generatedTokens tokens that were sampled
/// @param preemptions how often a sequence had to give its memory up and wait
public record EngineStats(
    int running,
    int waiting,
    int pages,
    int usedPages,
    int cachedPages,
    long promptTokens,
    long reusedTokens,
    long generatedTokens,
    long preemptions) {}
