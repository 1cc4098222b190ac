package org.tokapu.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tokapu.engine.sampling.SamplingParams;
import org.tokapu.text.chat.ChatRequest;
import org.tokapu.text.chat.ChatTemplate;
import org.tokapu.text.chat.ChatTemplates;
import org.tokapu.text.chat.Message;

/// A conversation with a model: keeps the messages and renders them by a chat template; the model
/// reads only what is new.
///
/// ```java
/// try (ChatSession chat = ChatSession.open(model)) {
///   chat.system("Answer in Korean.");
///   chat.say("What is a llama?", params).texts().forEach(System.out::print);
/// }
/// ```
///
/// An answer becomes a message when the next thing is said or the messages are asked for, as far as
/// it has come by then; a question without any answer is forgotten. Not thread-safe, but for
/// [Generation#cancel].
public final class ChatSession implements AutoCloseable {
  private final LanguageModel model;
  private final ChatTemplate template;
  private final Map<String, String> specialTokens;
  private final String scope;
  private final List<Message> messages = new ArrayList<>();
  private @Nullable Generation answer;

  /// @param specialTokens the model's special tokens by their names in templates (`bos_token`, ...)
  public ChatSession(
      LanguageModel model, ChatTemplate template, Map<String, String> specialTokens) {
    this(model, template, specialTokens, "");
  }

  /// @param specialTokens the model's special tokens by their names in templates (`bos_token`, ...)
  /// @param scope whose conversation it is, as in [GenerationRequest]
  public ChatSession(
      LanguageModel model, ChatTemplate template, Map<String, String> specialTokens, String scope) {
    this.model = model;
    this.template = template;
    this.specialTokens = Map.copyOf(specialTokens);
    this.scope = scope;
  }

  /// Starts a conversation by the template that the model brings, or a plain one if it brings none.
  public static ChatSession open(LanguageModel model) {
    ChatFormat format = ChatFormat.open(model.source().path());
    return new ChatSession(
        model, format.template().orElseGet(ChatTemplates::plain), format.specialTokens());
  }

  /// Returns the template.
  public ChatTemplate template() {
    return template;
  }

  /// Forgets everything, and tells the model this before all else.
  public void system(String text) {
    clear();
    messages.add(Message.system(text));
  }

  /// Forgets all messages.
  public void clear() {
    endAnswer();
    messages.clear();
  }

  /// Says something and starts the answer, which is computed as it is iterated.
  ///
  /// @throws org.tokapu.base.OutOfCapacityException if the conversation has outgrown the context
  /// @throws org.tokapu.base.TokapuException if the template refuses
  public Generation say(String text, SamplingParams params) {
    endAnswer();
    messages.add(Message.user(text));
    try {
      Generation started = answer(ChatRequest.of(messages), params);
      answer = started;
      return started;
    } catch (RuntimeException e) {
      messages.removeLast();
      throw e;
    }
  }

  /// Answers a conversation that somebody else keeps.
  public Generation answer(ChatRequest request, SamplingParams params) {
    List<String> stops = new ArrayList<>(params.limits().stop());
    stops.addAll(template.stops());
    int[] prompt = model.encode(template, request.withSpecialTokens(specialTokens));
    SamplingParams stopping = params.withStop(stops.toArray(String[]::new));
    return model.generate(
        GenerationRequest.of(prompt, stopping).withContinues(false).withScope(scope));
  }

  /// Returns the messages so far.
  public List<Message> messages() {
    endAnswer();
    return List.copyOf(messages);
  }

  private void endAnswer() {
    Generation last = answer;
    if (last == null) {
      return;
    }
    answer = null;
    last.close();
    if (last.usage().completionTokens() > 0) {
      messages.add(Message.assistant(last.textSoFar()));
    } else {
      messages.removeLast();
    }
  }

  /// Ends the answer.
  @Override
  public void close() {
    endAnswer();
  }
}
