package org.tokapu.assistant.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tokapu.engine.ChatSession;
import org.tokapu.engine.Generation;
import org.tokapu.engine.LanguageModel;
import org.tokapu.engine.sampling.SamplingParams;
import org.tokapu.text.chat.ChatRequest;
import org.tokapu.text.chat.ChatTemplate;
import org.tokapu.text.chat.Message;

/// How messages become a prompt and a prompt becomes an answer: the one place that talks to the
/// engine. Thread-safe.
final class Conversation {
  private final LanguageModel model;
  private final ChatTemplate template;
  private final Map<String, String> specialTokens;

  Conversation(LanguageModel model, ChatTemplate template, Map<String, String> specialTokens) {
    this.model = model;
    this.template = template;
    this.specialTokens = Map.copyOf(specialTokens);
  }

  /// An answer under way and the memory that it holds.
  record Running(Generation generation, ChatSession memory) implements AutoCloseable {
    @Override
    public void close() {
      generation.close();
      memory.close();
    }
  }

  int context() {
    return model.context();
  }

  int threads() {
    return model.threads();
  }

  /// Returns the length of the prompt that asks for the next answer.
  int tokens(List<Map<String, @Nullable Object>> messages) {
    return model.encode(template, request(messages)).length;
  }

  /// Returns the length of a text by itself.
  int tokens(String text) {
    return model.encode(text).length;
  }

  private ChatRequest request(List<Map<String, @Nullable Object>> messages) {
    return ChatRequest.ofMaps(messages).withSpecialTokens(specialTokens);
  }

  /// Starts the answer; it is computed as it is iterated.
  Running answer(List<Map<String, @Nullable Object>> messages, SamplingParams params) {
    ChatSession memory = new ChatSession(model, template, specialTokens);
    try {
      return new Running(memory.answer(request(messages), params), memory);
    } catch (RuntimeException e) {
      memory.close();
      throw e;
    }
  }

  /// Condenses messages by asking the model itself, in as many steps as its context demands.
  String summarize(String before, List<Map<String, @Nullable Object>> leaving, int tokens) {
    int room = model.context() - tokens;
    String summary = before;
    List<Map<String, @Nullable Object>> part = new ArrayList<>();
    for (Map<String, @Nullable Object> message : leaving) {
      part.add(message);
      if (tokens(question(summary, part)) > room && part.size() > 1) {
        part.removeLast();
        summary = ask(question(summary, part), tokens);
        part.clear();
        part.add(message);
      }
    }
    List<Map<String, @Nullable Object>> last = question(summary, part);
    return tokens(last) > room ? summary : ask(last, tokens);
  }

  private String ask(List<Map<String, @Nullable Object>> question, int tokens) {
    try (Running running = answer(question, SamplingParams.greedy().withMaxTokens(tokens))) {
      return running.generation().text();
    }
  }

  private static List<Map<String, @Nullable Object>> question(
      String before, List<Map<String, @Nullable Object>> messages) {
    StringBuilder text = new StringBuilder();
    text.append(
        "Summarize this conversation in a few sentences, in its own language. Keep names, numbers,"
            + " decisions and what the user wants.\n");
    if (!before.isEmpty()) {
      text.append("\nWhat was said before: ").append(before).append('\n');
    }
    for (Map<String, @Nullable Object> message : messages) {
      text.append('\n').append(message.get("role")).append(": ").append(message.get("content"));
    }
    return List.of(Message.user(text.toString()).toMap());
  }
}
