/// Generation as Java developers use it: open a model, generate, stream, cancel.
///
/// ```java
/// try (LanguageModel model = LanguageModel.open(Path.of("stories.gguf"));
///     Generation story =
///         model.generate("Once upon a time", SamplingParams.defaults().withMaxTokens(64))) {
///   for (GeneratedToken token : story) {
///     System.out.print(token.text());
///   }
/// }
/// ```
///
/// `model.complete("Once upon", params)` returns the text at once; `story.texts()` is a stream of
/// its pieces; `story.cancel()`, from any thread, ends it before the next forward pass. A
/// [ChatSession] keeps messages and renders them by the model's chat template. [Perplexity]
/// measures how surprised a model is by a text; [LanguageModel#embed(List)] makes vectors of texts.
///
/// ## How it runs
///
/// One thread runs a model, the [EngineLoop]. The [Scheduler] says which rows of which sequences
/// run next, prompts in chunks beside tokens being generated; they run as one ragged batch; every
/// sequence that has come to its last row draws a token, which its [Generation] hands to whoever
/// reads. What one yields depends on its own prompt, parameters and seed alone. A reader that is
/// slow keeps nobody waiting: tokens wait for it.
///
/// Keys and values lie in pages. The pages of sequences that have run stay in the [PrefixCache]
/// until their memory is needed, so that a prompt that begins like an earlier one of the same scope
/// costs only the rest: the turns of a conversation are read once, without anybody keeping
/// anything. What is shared is found by equal ids, never by equal text: an answer need not tokenize
/// to the ids that were generated.
package org.tokapu.engine;
