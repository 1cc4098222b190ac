/// The endpoints, one file each, and what they share.
///
/// `Routes` lists them. A request for an answer goes: the body is read strictly ([ChatCall],
/// [CompletionCall], [SamplingFields]), [ServedModel] lends a place, [Answers] runs the choices and
/// hands their tokens over, and [ChatAnswer] or [CompletionAnswer] writes OpenAI's objects, whole
/// or in chunks.
///
/// Beside OpenAI's fields these are taken, named as llama.cpp names them: `top_k`, `min_p`,
/// `typical_p`, `repeat_penalty` (or `repetition_penalty`), `repeat_last_n`, `mirostat` (0 or 2),
/// `mirostat_tau`, `mirostat_eta`, `dry_multiplier`, `dry_base`, `dry_allowed_length`,
/// `dry_penalty_last_n`, `dry_sequence_breakers`, `xtc_probability`, `xtc_threshold`, `samplers`,
/// `ignore_eos`, `min_tokens`, `chat_template_kwargs`, and `logit_bias` also as a list of pairs
/// `[id, bias]`, where `false` bans.
package org.tokapu.server.api;
