package org.tokapu.engine;

/// How many tokens a generation took.
///
/// @param promptTokens length of the prompt
/// @param cachedTokens how many of these were not read again, since their keys and values were
///   there
/// @param completionTokens how many were generated, the end of the answer included
public record Usage(int promptTokens, int cachedTokens, int completionTokens) {}
