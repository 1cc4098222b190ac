package org.tokapu.server.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tokapu.engine.GeneratedToken;
import org.tokapu.engine.Usage;
import org.tokapu.server.http.EventStream;

/// Writes the answers of a chat completion, whole or in chunks. One request, one thread.
final class ChatAnswer implements Answers.Listener {
  private final ChatCall call;
  private final @Nullable EventStream events;
  private final String id = Parts.id("chatcmpl-");
  private final long created = Parts.now();
  private final List<Choice> choices = new ArrayList<>();
  private Usage usage = new Usage(0, 0, 0);

  private static final class Choice {
    final StringBuilder text = new StringBuilder();
    final List<Object> logProbs = new ArrayList<>();
    final TokenText tokens;
    @Nullable String finish;
    @Nullable GeneratedToken held;

    Choice(TokenText tokens) {
      this.tokens = tokens;
    }
  }

  /// @param events where chunks go; null for an answer at once
  ChatAnswer(ChatCall call, @Nullable EventStream events) {
    this.call = call;
    this.events = events;
    for (int i = 0; i < call.n(); i++) {
      choices.add(new Choice(new TokenText(call.model().tokenizer())));
    }
  }

  /// Sends the chunks that say who speaks.
  void begin() {
    for (int i = 0; i < choices.size(); i++) {
      chunk(i, Parts.of("role", "assistant", "content", "", "refusal", null), null, null);
    }
  }

  /// Keeps a token back until it is known whether it is the last.
  @Override
  public void token(int index, GeneratedToken token) {
    Choice choice = choices.get(index);
    GeneratedToken before = choice.held;
    choice.held = token;
    if (before != null) {
      take(index, before, false);
    }
  }

  private void take(int index, GeneratedToken token, boolean last) {
    Choice choice = choices.get(index);
    choice.text.append(token.text());
    List<Object> entries =
        choice.tokens.next(token, last).stream().<Object>map(choice.tokens::chatEntry).toList();
    choice.logProbs.addAll(entries);
    if (!token.text().isEmpty() || !entries.isEmpty()) {
      chunk(index, Parts.of("content", token.text()), logProbs(entries), null);
    }
  }

  @Override
  public void end(Answers.Step.End end) {
    Choice choice = choices.get(end.index());
    GeneratedToken last = choice.held;
    if (last != null) {
      take(end.index(), last, true);
    }
    choice.finish = Parts.finish(end.reason());
    usage = Parts.sum(usage, end.usage());
    chunk(end.index(), Parts.of(), null, choice.finish);
  }

  @Override
  public void silence() {
    if (events != null) {
      events.comment("keep-alive");
    }
  }

  /// Sends the usage, if asked for, and the end.
  void finish() {
    EventStream stream = java.util.Objects.requireNonNull(events);
    if (call.includeUsage()) {
      Map<String, @Nullable Object> chunk = head("chat.completion.chunk");
      chunk.put("choices", List.of());
      chunk.put("usage", Parts.usage(usage));
      stream.data(chunk);
    }
    stream.done();
    stream.close();
  }

  private void chunk(
      int index,
      Map<String, @Nullable Object> delta,
      @Nullable Object logProbs,
      @Nullable String finish) {
    if (events == null) {
      return;
    }
    Map<String, @Nullable Object> chunk = head("chat.completion.chunk");
    chunk.put(
        "choices",
        List.of(
            Parts.of(
                "index", index, "delta", delta, "logprobs", logProbs, "finish_reason", finish)));
    if (call.includeUsage()) {
      chunk.put("usage", null);
    }
    events.data(chunk);
  }

  /// Returns the whole answer.
  Map<String, @Nullable Object> whole() {
    List<Object> out = new ArrayList<>();
    for (int i = 0; i < choices.size(); i++) {
      Choice choice = choices.get(i);
      out.add(
          Parts.of(
              "index",
              i,
              "message",
              Parts.of(
                  "role",
                  "assistant",
                  "content",
                  choice.text.toString(),
                  "refusal",
                  null,
                  "annotations",
                  List.of()),
              "logprobs",
              logProbs(choice.logProbs),
              "finish_reason",
              choice.finish));
    }
    Map<String, @Nullable Object> answer = head("chat.completion");
    answer.put("choices", out);
    answer.put("usage", Parts.usage(usage));
    return answer;
  }

  /// Returns what it took; the prompt counts once.
  Usage usage() {
    return usage;
  }

  private @Nullable Object logProbs(List<Object> entries) {
    return call.params().logProbs() < 0
        ? null
        : Parts.of("content", List.copyOf(entries), "refusal", null);
  }

  private Map<String, @Nullable Object> head(String object) {
    return Parts.of("id", id, "object", object, "created", created, "model", call.model().id());
  }
}
