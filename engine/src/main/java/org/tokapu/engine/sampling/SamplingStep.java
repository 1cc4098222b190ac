package org.tokapu.engine.sampling;

/// One step of a [SamplerChain]: either it changes logits, or it chooses among candidates.
///
/// A step may keep state of one generation, so it belongs to one chain and is not thread-safe.
public sealed interface SamplingStep permits LogitsProcessor, Sampler {}
