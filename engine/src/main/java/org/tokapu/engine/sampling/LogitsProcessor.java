package org.tokapu.engine.sampling;

/// Changes the logits of one position in place; a penalty, a bias, a ban and a grammar are all one
/// of these.
///
/// Minus infinity rules an id out. Everything else must stay finite.
@FunctionalInterface
public non-sealed interface LogitsProcessor extends SamplingStep {
  /// Changes `logits` `[vocabulary]`, given all tokens before this position.
  void apply(float[] logits, TokenHistory history);
}
