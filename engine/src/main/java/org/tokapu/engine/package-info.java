/// Generation as Java developers use it: open a model, generate, stream, cancel.
///
/// ```java
/// try (Model model = Model.open(Path.of("stories.gguf"));
///     Generation story = model.generate(Prompt.text("Once upon a time"),
///         SamplingParams.defaults().withMaxTokens(64).withSeed(7))) {
///   for (GenerationEvent event : story) {
///     System.out.print(event.text());
///   }
/// }
/// ```
///
/// `model.complete("Once upon")` returns the text at once; `story.texts()` is a stream of its
/// pieces; `story.cancel()`, from any thread, ends it before the next forward pass. A
/// [Conversation] keeps the keys and values of its tokens, so that a prompt that begins with the
/// ids of the last one costs only the rest; a [ChatSession] keeps messages and renders them by the
/// model's chat template.
///
/// A generation runs on the thread that iterates over it. Several may run on one model, from any
/// threads; their forward passes take turns, and what one yields depends on its own prompt,
/// parameters and seed alone.
package org.tokapu.engine;
