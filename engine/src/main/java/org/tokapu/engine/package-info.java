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
/// [PromptCache] keeps the keys and values of a sequence, so that a prompt that begins with the ids
/// of the last one costs only the rest; a [ChatSession] keeps messages, renders them by the model's
/// chat template and uses such a cache. [Perplexity] measures how surprised a model is by a text.
///
/// A generation runs on the thread that iterates over it. Several may run on one model, from any
/// threads; their forward passes take turns, and what one yields depends on its own prompt,
/// parameters and seed alone.
package org.tokapu.engine;
