package org.tokapu.engine;

import java.util.Optional;
import org.tokapu.engine.sampling.LogProbs;

/// One step of a generation.
///
/// @param id the token
/// @param text the text that has become certain with it: none while a character or a stop string
///   may still be incomplete
/// @param logProbs its log-probability and alternatives, if asked for
public record GeneratedToken(int id, String text, Optional<LogProbs> logProbs) {}
