/// From the logits of one position to one token.
///
/// A [SamplerChain] is a list of [SamplingStep]s. First every [LogitsProcessor] changes the logits
/// of the whole vocabulary (biases, penalties, bans), then every [Sampler] takes candidates away or
/// reshapes what is left, at last one candidate is drawn. [Samplers] lists the steps in their
/// default order, the one that llama.cpp uses:
///
/// | step | what it does | off when |
/// |---|---|---|
/// | `logit_bias` | adds a number to the logits of some ids | no biases |
/// | `banned_tokens` | rules ids out | none banned |
/// | `ignore_eos` | rules out the ids that end an answer | not asked |
/// | `min_tokens` | rules them out until so many tokens are generated | 0 |
/// | `repetition_penalty` | `x > 0 ? x / r : x * r` once for each distinct id of the window | r = 1 |
/// | `frequency_presence` | `x - f * count - q` for the ids of the window | f = q = 0 |
/// | `dry` | punishes the token that would go on repeating a sequence | multiplier 0 |
/// | `top_k` | keeps the k likeliest; equals at the border all stay | 0 |
/// | `typical_p` | keeps those whose surprise is nearest to the entropy | 1 |
/// | `top_p` | keeps the likeliest up to a mass of p | 1 |
/// | `min_p` | keeps those at least m times as likely as the likeliest | 0 |
/// | `xtc` | with some probability drops the likeliest, but the last above a threshold | 0 |
/// | `temperature` | `x / T` | 1 |
/// | `mirostat` | keeps the surprise of the text near a target; replaces the truncations | no target |
/// | `greedy` | takes the likeliest (temperature 0) | T > 0 |
///
/// A new step is one file here and one line in [Samplers]; its tests come with the line.
///
/// Probabilities are computed in double from float logits with arithmetic of our own ([Exp]), so
/// that a seed gives the same bits on every machine. Candidates are ordered by falling probability,
/// equal ones by rising id; every tie is broken that way.
package org.tokapu.engine.sampling;
