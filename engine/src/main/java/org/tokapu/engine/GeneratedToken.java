package org.tokapu.engine;

import java.util.Optional;
import org.tokapu.engine.sampling.LogProbs;

/// One step of a generation.
///
/// @param id the token; the one that ends an answer is reported too
/// @param text the text that has become certain with it: never half a character, never the
///   beginning of a stop string; the last token brings what is left, so that all texts together are
///   the answer
/// @param logProbs its log-probability and alternatives, if asked for
public record GeneratedToken(int id, String text, Optional<LogProbs> logProbs) {}
