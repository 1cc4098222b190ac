package org.tokapu.engine;

/// A whole answer.
///
/// @param text the text, without a stop string
/// @param ids the generated tokens, the end of the answer included
/// @param end why it ended, and what it took
public record Completion(String text, int[] ids, GenerationEvent.Finished end) {}
